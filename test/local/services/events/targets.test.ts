import { AwsError } from "../../../../local/aws/types.ts";
import type { TargetConfig } from "../../../../local/services/events/config.ts";
import { bus, harness, queueUrl, target } from "./harness.ts";

beforeEach(() => {
  jest.useFakeTimers({ now: 1_700_000_000_500 });
});
afterEach(() => {
  jest.useRealTimers();
});

async function callsTo(configured: Partial<TargetConfig>, options: Parameters<typeof harness>[0] = {}, events = 1) {
  const { service, calls, put } = harness({ targets: [target("all", configured)], ...options });
  service.start();
  for (let count = 0; count < events; count++)
    await put({ a: 1 }, { TraceHeader: "Root=1-5759e988-bd862e3fe1be46a994272793" });
  await jest.advanceTimersByTimeAsync(5_000);
  return { calls: calls.map(({ operation, input }) => [operation, input]), counts: service.counts() };
}

const machineArn = "arn:aws:states:us-east-1:000000000000:stateMachine:review";
const functionArn = "arn:aws:lambda:us-east-1:000000000000:function:f";
const topicArn = "arn:aws:sns:us-east-1:000000000000:alerts";
const logGroupArn = "arn:aws:logs:us-east-1:000000000000:log-group:/aws/events/low:*";

describe("targets", () => {
  it.each<[string, Partial<TargetConfig>, string, object]>([
    [
      "a FIFO queue",
      { messageGroupId: "g" },
      "sqs:SendMessage",
      {
        QueueUrl: queueUrl,
        MessageGroupId: "g",
        MessageBody: '{"a":1}',
        MessageSystemAttributes: {
          AWSTraceHeader: { DataType: "String", StringValue: "Root=1-5759e988-bd862e3fe1be46a994272793" },
        },
      },
    ],
    [
      "a state machine",
      { arn: machineArn },
      "states:StartExecution",
      { stateMachineArn: machineArn, input: '{"a":1}', traceHeader: "Root=1-5759e988-bd862e3fe1be46a994272793" },
    ],
    [
      "a function",
      { arn: functionArn },
      "lambda:Invoke",
      { FunctionName: functionArn, InvocationType: "Event", Payload: '{"a":1}' },
    ],
    ["a topic", { arn: topicArn }, "sns:Publish", { TopicArn: topicArn, Message: '{"a":1}' }],
    [
      "another bus",
      { arn: bus.arn, inputPath: undefined },
      "events:PutEvents",
      {
        Entries: [
          {
            EventBusName: bus.arn,
            Source: "test",
            DetailType: "kind",
            Detail: '{"a":1}',
            Resources: [],
            Time: new Date("2023-11-14T22:13:20Z"),
            TraceHeader: "Root=1-5759e988-bd862e3fe1be46a994272793",
          },
        ],
      },
    ],
  ])("delivers to %s", async (_what, configured, operation, input) => {
    expect((await callsTo(configured)).calls).toEqual([[operation, input]]);
  });

  it("writes to a log group through a stream that it creates once", async () => {
    const { calls } = await callsTo({ arn: logGroupArn }, {}, 2);
    const stream = { logGroupName: "/aws/events/low", logStreamName: expect.any(String) };
    const put = ["logs:PutLogEvents", { ...stream, logEvents: [{ timestamp: 1_700_000_000_500, message: '{"a":1}' }] }];
    expect(calls).toEqual([["logs:CreateLogStream", stream], put, put]);
  });

  it("tries again to create the log stream, and takes one that exists", async () => {
    const answers = [
      new AwsError("ThrottlingException", "slow"),
      new AwsError("ResourceAlreadyExistsException", "there"),
    ];
    const answer = () => {
      const error = answers.shift();
      return error ? Promise.reject(error) : {};
    };
    const { calls, counts } = await callsTo({ arn: logGroupArn }, { answer });
    expect(calls.map(([operation]) => operation)).toEqual([
      "logs:CreateLogStream",
      "logs:CreateLogStream",
      "logs:PutLogEvents",
    ]);
    expect(counts).toMatchObject({ delivered: 1, retried: 1 });
  });

  it("takes an entry that the other bus refuses as a failure", async () => {
    const answers = [{ FailedEntryCount: 1, Entries: [{ ErrorCode: "ThrottlingException", ErrorMessage: "slow" }] }];
    const { counts } = await callsTo(
      { arn: bus.arn, inputPath: undefined },
      { answer: () => answers.shift() ?? { FailedEntryCount: 0, Entries: [{ EventId: "1" }] } },
    );
    expect(counts).toMatchObject({ delivered: 1, retried: 1 });
  });
});
