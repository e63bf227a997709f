/** Metrics of a webhook's way, and alarms that ring for what lies in a queue that should be empty. */
import {
  CloudWatchClient,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  type MetricDataQuery,
} from "@aws-sdk/client-cloudwatch";
import { SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, PurgeQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { LocalProcess } from "../../local/process.ts";
import { clientOptions, named, payment, receive, send, sign, startPipeline, tablesOf, until } from "./harness.ts";

let runtime: LocalProcess;
let cloudwatch: CloudWatchClient;

beforeAll(async () => {
  // An alarm's minute is three seconds.
  runtime = await startPipeline(["--memory", "--speed", "20"]);
  cloudwatch = new CloudWatchClient(clientOptions(runtime));
});
afterAll(() => runtime?.stop());

/** Sums over the last minutes, by what is asked for. */
async function sums(wanted: Readonly<Record<string, readonly [string, string, Record<string, string>]>>) {
  const queries = Object.entries(wanted).map(([Id, [Namespace, MetricName, dimensions]]): MetricDataQuery => {
    const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
    return { Id, MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period: 3_600, Stat: "Sum" } };
  });
  const { MetricDataResults = [] } = await cloudwatch.send(
    new GetMetricDataCommand({
      MetricDataQueries: queries,
      StartTime: new Date(Date.now() - 3_600_000),
      EndTime: new Date(Date.now() + 3_600_000),
    }),
  );
  return Object.fromEntries(
    MetricDataResults.map(({ Id, Values = [] }) => [Id, Values.reduce((sum, value) => sum + value, 0)]),
  );
}

async function alarm(AlarmName: string, state: string) {
  return until(`the alarm ${AlarmName} in ${state}`, async () => {
    const { MetricAlarms = [] } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [AlarmName] }));
    expect(MetricAlarms).toHaveLength(1);
    return MetricAlarms[0]?.StateValue === state ? MetricAlarms[0] : undefined;
  });
}

/** A queue that gets what the alarms say. */
async function listenToAlarms(name: string): Promise<void> {
  await new SQSClient(clientOptions(runtime)).send(new CreateQueueCommand({ QueueName: name }));
  await new SNSClient(clientOptions(runtime)).send(
    new SubscribeCommand({
      TopicArn: `arn:aws:sns:us-east-1:000000000000:${named.topics.operationsAlarms}`,
      Protocol: "sqs",
      Endpoint: `arn:aws:sqs:us-east-1:000000000000:${name}`,
    }),
  );
}

it("a webhook is counted by every service that it passes", async () => {
  const answer = await send(runtime, sign({ body: payment({ id: "counted", amountMinor: 1_000_001 }) }));
  expect(answer.status).toBe(200);
  await tablesOf(runtime).decision("stripe:pi_counted");

  const ofFunction = (name: "webhook-validator" | "webhook-dedup") => ({ FunctionName: named.lambda(name) });
  const QueueName = named.queues.webhookEvents;
  const found = await until("a count of everything", async () => {
    const counted = await sums({
      requests: ["AWS/ApiGateway", "Count", { ApiName: named.restApi }],
      failures: ["AWS/ApiGateway", "5XXError", { ApiName: named.restApi, Stage: "v1" }],
      validations: ["AWS/Lambda", "Invocations", ofFunction("webhook-validator")],
      errors: ["AWS/Lambda", "Errors", ofFunction("webhook-validator")],
      sent: ["AWS/SQS", "NumberOfMessagesSent", { QueueName }],
      received: ["AWS/SQS", "NumberOfMessagesReceived", { QueueName }],
      deleted: ["AWS/SQS", "NumberOfMessagesDeleted", { QueueName }],
      written: ["AWS/DynamoDB", "ConsumedWriteCapacityUnits", { TableName: named.tables.processedWebhooks }],
      logged: ["AWS/Logs", "IncomingLogEvents", { LogGroupName: `/aws/lambda/${named.lambda("webhook-dedup")}` }],
    });
    return Number(counted.deleted) > 0 ? counted : undefined;
  });
  expect(found).toMatchObject({
    requests: 1,
    failures: 0,
    validations: 1,
    errors: 0,
    sent: 1,
    received: 1,
    deleted: 1,
  });
  expect(found.written).toBeGreaterThan(0);
  expect(found.logged).toBeGreaterThan(0);

  const { MetricDataResults = [] } = await cloudwatch.send(
    new GetMetricDataCommand({
      MetricDataQueries: [
        {
          Id: "matched",
          Expression: `SEARCH('{AWS/Events,EventBusName,RuleName} MetricName="MatchedEvents"', 'Sum', 3600)`,
        },
        {
          Id: "started",
          Expression: `SEARCH('{AWS/States,StateMachineArn} MetricName="ExecutionsStarted"', 'Sum', 3600)`,
        },
      ],
      StartTime: new Date(Date.now() - 3_600_000),
      EndTime: new Date(Date.now() + 3_600_000),
    }),
  );
  expect(MetricDataResults.map(({ Id, Values }) => [Id, Values])).toEqual(
    expect.arrayContaining([
      ["matched", [1]],
      ["started", [1]],
    ]),
  );
});

it("what nobody can route rings its alarm, and the topic hears it as from AWS", async () => {
  const AlarmName = `${named.queues.unroutable}-not-empty`;
  await alarm(AlarmName, "OK");
  await listenToAlarms("alarms-heard");

  const body = payment({ id: "unroutable", amountMinor: 5_000, currency: "xxx" });
  expect((await send(runtime, sign({ body }))).status).toBe(200);

  await alarm(AlarmName, "ALARM");
  const { Subject, Message } = JSON.parse((await receive(runtime, "alarms-heard")).body) as Record<string, string>;
  expect(Subject).toBe(`ALARM: "${AlarmName}" in US East (N. Virginia)`);
  expect(JSON.parse(Message ?? "")).toMatchObject({
    AlarmName,
    NewStateValue: "ALARM",
    OldStateValue: "OK",
    NewStateReason: expect.stringMatching(/^Threshold Crossed: 1 out of the last 1 datapoint \[1\.0 /) as unknown,
    Trigger: {
      MetricName: "ApproximateNumberOfMessagesVisible",
      Namespace: "AWS/SQS",
      Statistic: "MAXIMUM",
      Dimensions: [{ value: named.queues.unroutable, name: "QueueName" }],
    },
  });

  const QueueUrl = `${runtime.awsUrl}/000000000000/${named.queues.unroutable}`;
  await new SQSClient(clientOptions(runtime)).send(new PurgeQueueCommand({ QueueUrl }));
  await alarm(AlarmName, "OK");
  const { AlarmHistoryItems = [] } = await cloudwatch.send(new DescribeAlarmHistoryCommand({ AlarmName }));
  expect(AlarmHistoryItems.map(({ HistorySummary }) => HistorySummary)).toEqual(
    expect.arrayContaining(["Alarm updated from OK to ALARM", "Alarm updated from ALARM to OK"]),
  );
});
