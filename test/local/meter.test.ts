import { createMeter } from "../../local/meter.ts";

const fn = { kind: "function", functionName: "dedup-dev", roleArn: "arn:aws:iam::1:role/dedup" } as const;
const events = { kind: "service", service: "events.amazonaws.com", sourceArn: "arn:aws:events:r:1:rule/x" } as const;
const figures = (meter: ReturnType<typeof createMeter>) =>
  meter.report().map(({ by, call, on, count, entries, bytes }) => [by, call, on, count, entries, bytes]);

describe("the meter", () => {
  it("counts calls by who makes them, what they are and what they are about", () => {
    const meter = createMeter();
    meter.called(fn, "sqs", "SendMessage", { QueueUrl: "http://h/1/q-dev", MessageBody: "12345" });
    meter.called(fn, "sqs", "SendMessage", { QueueUrl: "http://h/1/q-dev", MessageBody: "ä" });
    meter.called(events, "sqs", "SendMessage", { QueueUrl: "http://h/1/q-dev", MessageBody: "1" });
    meter.called(events, "lambda", "Invoke", { FunctionName: "arn:aws:lambda:r:1:function:f-dev" });
    meter.called(events, "logs", "PutLogEvents", { logGroupName: "/aws/events/low-dev" });
    expect(figures(meter)).toEqual([
      ["dedup-dev", "sqs:SendMessage", "q-dev", 2, 2, 7],
      ["events.amazonaws.com", "sqs:SendMessage", "q-dev", 1, 1, 1],
      ["events.amazonaws.com", "lambda:Invoke", "f-dev", 1, 1, 0],
      ["events.amazonaws.com", "logs:PutLogEvents", "/aws/events/low-dev", 1, 1, 0],
    ]);
  });

  it("counts the entries of a batch, and what EventBridge bills of each", () => {
    const meter = createMeter();
    const entry = { EventBusName: "bus-dev", Source: "abc", DetailType: "de", Detail: '{"a":1}' };
    meter.called(fn, "events", "PutEvents", { Entries: [entry, entry] });
    meter.called(fn, "sqs", "SendMessageBatch", {
      QueueUrl: "q",
      Entries: [{ MessageBody: "123" }, { MessageBody: "4" }],
    });
    expect(figures(meter)).toEqual([
      ["dedup-dev", "events:PutEvents", "bus-dev", 1, 2, 24],
      ["dedup-dev", "sqs:SendMessageBatch", "q", 1, 2, 4],
    ]);
  });

  it("doesn't count people and tests", () => {
    const meter = createMeter();
    meter.called({ kind: "operator" }, "sqs", "SendMessage", { QueueUrl: "q" });
    meter.consumed({ kind: "operator" }, "GetItem", { TableName: "t" }, { ConsumedCapacity: { CapacityUnits: 1 } });
    expect(meter.report()).toEqual([]);
  });

  it.each([
    ["GetItem", { TableName: "t" }, { ConsumedCapacity: { CapacityUnits: 0.5 } }, { readUnits: 0.5, writeUnits: 0 }],
    ["PutItem", { TableName: "t" }, { ConsumedCapacity: { CapacityUnits: 3 } }, { readUnits: 0, writeUnits: 3 }],
    [
      "BatchGetItem",
      { RequestItems: { t: {} } },
      { ConsumedCapacity: [{ CapacityUnits: 1 }, { CapacityUnits: 2 }] },
      { readUnits: 3, writeUnits: 0 },
    ],
    [
      "UpdateItem",
      { TableName: "t" },
      { __type: "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException" },
      { readUnits: 0, writeUnits: 1 },
    ],
    [
      "TransactWriteItems",
      { TransactItems: [{ Put: { TableName: "t" } }, { Update: { TableName: "u" } }] },
      { __type: "com.amazonaws.dynamodb.v20120810#TransactionCanceledException" },
      { readUnits: 0, writeUnits: 4 },
    ],
    ["PutItem", { TableName: "t" }, { __type: "x#ThrottlingException" }, { readUnits: 0, writeUnits: 0 }],
  ])("takes from %s of %j what %j says", (operation, input, output, expected) => {
    const meter = createMeter();
    meter.consumed(fn, operation, input, output);
    expect(meter.report()).toMatchObject([{ call: `dynamodb:${operation}`, on: "t", ...expected }]);
  });
});
