import { LambdaClient, ListEventSourceMappingsCommand } from "@aws-sdk/client-lambda";
import { GetTopicAttributesCommand, ListSubscriptionsByTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand, GetQueueUrlCommand, ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { lambdas } from "../../../config/lambdas.ts";
import { arn, type Deployed, refusesWithoutTls, statementsOf } from "../support/deployed.ts";

/** Queues, what takes messages from them, and topics. */
export function readBackQueues(deployed: () => Deployed): void {
  const sqs = () => new SQSClient(deployed().client);

  async function attributesOf(QueueUrl: string) {
    const { Attributes = {} } = await sqs().send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
    return Attributes;
  }

  async function queue(QueueName: string) {
    const { QueueUrl = "" } = await sqs().send(new GetQueueUrlCommand({ QueueName }));
    return attributesOf(QueueUrl);
  }

  test("every queue is encrypted, keeps messages for 14 days, and refuses whoever comes without TLS", async () => {
    const { QueueUrls = [] } = await sqs().send(new ListQueuesCommand({}));
    expect(QueueUrls.length).toBeGreaterThan(0);
    for (const url of QueueUrls) {
      const { KmsMasterKeyId, MessageRetentionPeriod, Policy } = await attributesOf(url);
      expect(KmsMasterKeyId).toContain(arn("kms", "key/"));
      expect(MessageRetentionPeriod).toBe(String(14 * 24 * 60 * 60));
      expect(statementsOf(Policy)).toContainEqual(refusesWithoutTls);
    }
  });

  test.each([
    { base: "webhook-events", consumer: "webhook-dedup", concurrency: "webhookDedup" },
    { base: "low-value-batch", consumer: "fraud-detector", concurrency: "fraudDetector" },
  ] as const)("$base feeds $consumer, and keeps what fails five times", async ({ base, consumer, concurrency }) => {
    const { named, settings, client } = deployed();
    const name = `${base}-${settings.name}`;
    const { RedrivePolicy = "", VisibilityTimeout } = await queue(name);
    expect(JSON.parse(RedrivePolicy)).toEqual({ deadLetterTargetArn: arn("sqs", named.dlq(base)), maxReceiveCount: 5 });
    expect(Number(VisibilityTimeout)).toBeGreaterThanOrEqual(6 * lambdas[consumer].timeoutSeconds);

    const mappings = await new LambdaClient(client).send(new ListEventSourceMappingsCommand({}));
    const mapping = mappings.EventSourceMappings?.find(({ EventSourceArn }) => EventSourceArn === arn("sqs", name));
    expect(mapping).toMatchObject({
      FunctionArn: expect.stringContaining(arn("lambda", `function:${named.lambda(consumer)}`)),
      BatchSize: 10,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      ScalingConfig: { MaximumConcurrency: settings.maximumConcurrency[concurrency] },
    });
  });

  /** What may send to each queue without a role: its ARN → service and ARN of the sender. */
  async function sendersOf() {
    const { QueueUrls = [] } = await sqs().send(new ListQueuesCommand({}));
    const queues = await Promise.all(QueueUrls.map(attributesOf));
    return queues.flatMap(({ QueueArn = "", Policy }) =>
      statementsOf(Policy).flatMap(({ Effect, Principal, Action, Resource, Condition }) => {
        if (Effect === "Deny") return [];
        expect({ Action, Resource }).toEqual({ Action: ["sqs:SendMessage"], Resource: [QueueArn] });
        const { Service } = Principal as { readonly Service: string };
        const { ArnEquals, ArnLike } = Condition as Record<string, Record<string, string> | undefined>;
        return { queue: QueueArn, service: Service, source: (ArnEquals ?? ArnLike)?.["aws:SourceArn"] };
      }),
    );
  }

  test("EventBridge may send only to the queues of its rules and bus, each for its own rule", async () => {
    const { named } = deployed();
    const ofEvents = (await sendersOf()).filter(({ service }) => service === "events.amazonaws.com");
    const rule = (name: string) => arn("events", `rule/${named.bus}/${named.rule(name)}`);
    expect(Object.fromEntries(ofEvents.map(({ queue, source }) => [queue, source]))).toEqual({
      [arn("sqs", named.queues.lowValueBatch)]: rule("low-value"),
      [arn("sqs", named.dlq("low-value-to-low-value-batch"))]: rule("low-value"),
      [arn("sqs", named.dlq("low-value-to-log"))]: rule("low-value"),
      [arn("sqs", named.dlq("every-event-to-log"))]: rule("every-event"),
      [arn("sqs", named.dlq("medium-value-to-transaction-workflow"))]: rule("medium-value"),
      [arn("sqs", named.dlq("high-value-to-high-value-review"))]: rule("high-value"),
      [arn("sqs", named.queues.unroutable)]: rule("unroutable"),
      [arn("sqs", named.dlq("unroutable-to-unroutable"))]: rule("unroutable"),
      [arn("sqs", named.dlq("payment-events"))]: arn("events", `event-bus/${named.bus}`),
    });
  });

  test("besides EventBridge only topics may send, each to its own dead-letter queue", async () => {
    const { named } = deployed();
    const others = (await sendersOf()).filter(({ service }) => service !== "events.amazonaws.com");
    const topics = [
      "transaction-alerts",
      "operations-alarms",
      "webhook-reconciliation-alerts",
      "critical-system-alerts",
    ];
    const allowed = topics.map((topic) => ({
      queue: arn("sqs", named.dlq(topic)),
      service: "sns.amazonaws.com",
      source: arn("sns", `${topic}-${deployed().settings.name}`),
    }));
    expect(allowed).toEqual(expect.arrayContaining(others));
  });

  test("the topics are encrypted and reach who is in the settings", async () => {
    const { named, settings, client } = deployed();
    const sns = new SNSClient(client);
    const { alertRecipients, operatorEmails } = settings;
    const recipients = {
      [named.topics.transactionAlerts]: [...alertRecipients.emails, ...alertRecipients.phoneNumbers],
      [named.topics.operationsAlarms]: operatorEmails,
      [named.topics.reconciliationAlerts]: operatorEmails,
      [named.topics.criticalSystemAlerts]: [...operatorEmails, ...alertRecipients.phoneNumbers],
    };
    for (const [topic, expected] of Object.entries(recipients)) {
      const TopicArn = arn("sns", topic);
      const { Attributes = {} } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
      expect(Attributes.KmsMasterKeyId).toContain(arn("kms", "key/"));
      expect(statementsOf(Attributes.Policy)).toContainEqual(refusesWithoutTls);
      const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
      expect(Subscriptions.map(({ Endpoint }) => Endpoint).sort()).toEqual([...expected].sort());
    }
  });
}
