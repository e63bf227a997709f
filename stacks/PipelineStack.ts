import { type App, TerraformOutput } from "cdktf";
import type { AccountStack } from "./AccountStack.ts";
import { deadLetterQueuesIn } from "./constructs/deadLetterQueues.ts";
import { EventBus } from "./constructs/EventBus.ts";
import type { LogGroup } from "./constructs/LogGroup.ts";
import { MessagesAlarm } from "./constructs/MessagesAlarm.ts";
import { onBehalfOf } from "./constructs/policy.ts";
import { Queue } from "./constructs/Queue.ts";
import { Topic, type TopicProps } from "./constructs/Topic.ts";
import type { DataStack } from "./DataStack.ts";
import { type EnvironmentContext, EnvironmentStack } from "./EnvironmentStack.ts";
import { Archival } from "./pipeline/Archival.ts";
import { catchUnroutable } from "./pipeline/catchUnroutable.ts";
import { Intake } from "./pipeline/Intake.ts";
import { LowTier } from "./pipeline/LowTier.ts";
import { logEveryEvent } from "./pipeline/logEveryEvent.ts";
import { PipelineKit } from "./pipeline/PipelineKit.ts";
import { Reconciliation } from "./pipeline/Reconciliation.ts";
import { Recording } from "./pipeline/Recording.ts";
import { Sweeps } from "./pipeline/Sweeps.ts";
import { Workflows } from "./pipeline/Workflows.ts";
import type { RegistryStack } from "./RegistryStack.ts";

export interface PipelineStackProps {
  /** Absent where another environment's serves this one. */
  readonly account: AccountStack | undefined;
  readonly data: DataStack;
  readonly registry: RegistryStack;
}

/** A webhook's whole way, from the API to its decision, and on into the archive. */
export class PipelineStack extends EnvironmentStack {
  /** Where alarms ring that can wait until somebody reads an e-mail. */
  readonly operationsAlarms: Topic;
  /** Where alarms ring that can't. */
  readonly criticalSystemAlerts: Topic;
  /** The API's, a line for each request. */
  readonly accessLogs: LogGroup;
  /** What X-Ray calls the API's stage. */
  readonly apiStage: string;
  readonly #data: DataStack;

  constructor(app: App, context: EnvironmentContext, { account, data, registry }: PipelineStackProps) {
    super(app, "pipeline", context);
    // Access logs need API Gateway's role, and log targets the resource policy, though nothing refers to either.
    if (account !== undefined) this.addDependency(account);
    this.#data = data;
    const { throttling, maximumConcurrency, reviewTimeoutSeconds, logLevel, logRetentionDays, tracing } = this.settings;
    const { routingThresholdsUsd, reservedConcurrency, provisionedConcurrency, webFirewall, vpc } = this.settings;
    const { transactions, processedWebhooks, fraudCounters, webhookPayloads, secretArns, messagingKey } = data;
    this.operationsAlarms = this.#operationsAlarms();
    const kit = new PipelineKit({
      names: this.names,
      environment: this.settings.name,
      key: messagingKey,
      logs: { retentionDays: logRetentionDays, key: messagingKey },
      logLevel,
      tracing,
      routingThresholdsUsd,
      alarmTopic: this.operationsAlarms,
      imageUri: (name) => registry.imageUri(name),
      reservedConcurrency,
      provisionedConcurrency,
      ...(vpc && { network: { ...vpc, arn: (service: string, resource: string) => this.arn(service, resource) } }),
    });
    const bus = this.#bus(kit);
    const stateMachineArn = (name: string) => this.arn("states", `stateMachine:${name}`);
    const intake = new Intake(this, "intake", {
      kit,
      throttling,
      secretArns,
      readSecrets: data.allowReadSecrets(),
      webhookPayloads,
      ...(webFirewall && { webFirewall }),
      region: this.region,
    });
    this.accessLogs = intake.accessLogs;
    this.apiStage = intake.apiStage;
    new Recording(this, "recording", {
      kit,
      webhookEvents: intake.webhookEvents,
      webhookEventsDeadLetters: intake.webhookEventsDeadLetters,
      processedWebhooks,
      transactions,
      bus,
      maximumConcurrency: maximumConcurrency.webhookDedup,
    });
    const { fraudDetector } = new LowTier(this, "low-tier", {
      kit,
      bus,
      fraudCounters,
      transactions,
      maximumConcurrency: maximumConcurrency.fraudDetector,
    });
    new Workflows(this, "workflows", {
      kit,
      bus,
      fraudDetector,
      processedWebhooks,
      transactions,
      transactionAlerts: this.#transactionAlerts(kit.alarmTopic),
      reviewTimeoutSeconds,
      stateMachineArn,
    });
    new Archival(this, "archival", {
      kit,
      transactions,
      processedWebhooks,
      archive: data.archive,
      webhookPayloads,
      signingKey: data.signingKey,
      webhookEvents: intake.webhookEvents,
      webhookEventsDeadLetters: intake.webhookEventsDeadLetters,
      slicesPerHour: this.settings.archive.slicesPerHour,
      stateMachineArn,
    });
    catchUnroutable(this, kit, bus);
    if (this.settings.logsEveryEvent) logEveryEvent(this, kit, bus);
    const { criticalSystemAlerts } = new Reconciliation(this, "reconciliation", {
      kit,
      providers: this.settings.reconciledProviders,
      apiKeyArns: data.apiKeyArns,
      readApiKeys: data.allowReadApiKeys(),
      processedWebhooks,
      transactions,
      reconciliation: data.reconciliation,
      archive: data.archive,
      webhookPayloads,
      webhookEvents: intake.webhookEvents,
      recipients: {
        emails: this.settings.operatorEmails,
        phoneNumbers: this.settings.alertRecipients.phoneNumbers,
      },
      alarmPublishers: this.#alarms(),
      stateMachineArn,
    });
    this.criticalSystemAlerts = criticalSystemAlerts;
    new Sweeps(this, "sweeps", {
      kit,
      bus,
      processedWebhooks,
      transactions,
      archive: data.archive,
      pipeline: this,
    });
    new TerraformOutput(this, "WebhookApiUrl", {
      description: "Where providers post: append /webhooks/<provider>, or /webhook.",
      value: intake.apiUrl,
    });
    new TerraformOutput(this, "DeadLetterQueues", {
      description: "Where messages end that nobody could handle: npm run cli -- dlq.",
      value: JSON.stringify(deadLetterQueuesIn(this)),
    });
  }

  #bus(kit: PipelineKit): EventBus {
    const name = "payment-events";
    const deadLetters = new Queue(this, `${name}-dlq`, {
      queueName: this.names.dlq(name),
      key: kit.key,
      // By name, since the bus needs the queue and the queue's policy names the bus.
      eventSenders: [this.arn("events", `event-bus/${this.names.bus}`)],
      redrive: () => ({ kind: "bus", name: this.names.bus }),
    });
    new MessagesAlarm(this, `${name}-dead-letters`, {
      queue: deadLetters,
      errorImpact: "Recorded payments go to no tier: no decision, no alert.",
      firstSteps: [
        "See that the key alias/payments-messaging is enabled: the bus could not encrypt or decrypt.",
        "Compare the key's policy with stacks/messagingKeyStatements.ts, and deploy the stack data again if they differ.",
        "Put the events on the bus again: npm run cli -- dlq redrive payment-events-dlq.",
      ],
      topic: kit.alarmTopic,
    });
    return new EventBus(this, name, {
      busName: this.names.bus,
      description: "Recorded payment events, routed by amount.",
      key: kit.key,
      deadLetterQueueArn: deadLetters.arn,
    });
  }

  #operationsAlarms(): Topic {
    const topic = new Topic(this, "operations-alarms", {
      topicName: this.names.topics.operationsAlarms,
      deadLetterQueueName: this.names.dlq("operations-alarms"),
      displayName: "Operations",
      key: this.#data.messagingKey,
      emails: this.settings.operatorEmails,
      phoneNumbers: [],
      publishers: this.#alarms(),
    });
    new MessagesAlarm(this, "operations-alarms-dead-letters", {
      queue: topic.deadLetters,
      errorImpact: "None for customers yet: somebody who should hear of alarms does not.",
      firstSteps: [
        "See in CloudWatch which alarms ring, and deal with those first.",
        "Find the recipient that can't be reached, and correct operatorEmails in config/environments.ts.",
        "Deploy, have the address confirmed, and drop the messages.",
      ],
      topic,
    });
    return topic;
  }

  /** The account's alarms, as what publishes to a topic. */
  #alarms(): TopicProps["publishers"] {
    const condition = onBehalfOf({ sourceArn: this.arn("cloudwatch", "alarm:*"), account: this.account });
    return [{ service: "cloudwatch.amazonaws.com", condition }];
  }

  #transactionAlerts(alarmTopic: Topic): Topic {
    const { emails, phoneNumbers } = this.settings.alertRecipients;
    const topic = new Topic(this, "transaction-alerts", {
      topicName: this.names.topics.transactionAlerts,
      deadLetterQueueName: this.names.dlq("transaction-alerts"),
      displayName: "Payments",
      key: this.#data.messagingKey,
      emails,
      phoneNumbers,
      publishers: [],
    });
    new MessagesAlarm(this, "transaction-alerts-dead-letters", {
      queue: topic.deadLetters,
      errorImpact: "None for customers: somebody who should hear of payments from 1,000 USD on does not.",
      firstSteps: [
        "Read what was not delivered and pass it on: npm run cli -- dlq show transaction-alerts-dlq.",
        "Find the recipient that can't be reached, and correct alertRecipients in config/environments.ts.",
        "Deploy, have the address confirmed, and drop the messages that are passed on.",
      ],
      topic: alarmTopic,
    });
    return topic;
  }
}
