import type { DynamoDb } from "../../../../local/emulators/dynamodb.ts";
import { createMeter } from "../../../../local/meter.ts";
import { dynamoDbBackend } from "../../../../local/services/dynamodb/backend.ts";

const principal = { kind: "operator" } as const;

function aBackend(status: number, answer: object, isMetered = false) {
  const sent: string[] = [];
  const database: Partial<DynamoDb> = {
    async send(operation, body) {
      sent.push(`${operation} ${body}`);
      return { status, body: JSON.stringify(answer) };
    },
  };
  const meter = createMeter();
  return {
    backend: dynamoDbBackend(database as DynamoDb, isMetered ? meter : undefined),
    sent,
    meter,
  };
}

it("a call in process has the SDK's input and output", async () => {
  const { backend, sent } = aBackend(200, { Item: { id: { S: "1" } } });
  expect(await backend.call({ principal, operation: "GetItem", input: { TableName: "t" } })).toEqual({
    Item: { id: { S: "1" } },
  });
  expect(sent).toEqual(['GetItem {"ReturnConsumedCapacity":"TOTAL","TableName":"t"}']);
});

it("an error keeps its code, its words and its own members", async () => {
  const { backend } = aBackend(400, {
    __type: "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
    Message: "cancelled",
    CancellationReasons: [{ Code: "ConditionalCheckFailed" }],
  });
  await expect(backend.call({ principal, operation: "TransactWriteItems", input: {} })).rejects.toMatchObject({
    code: "TransactionCanceledException",
    message: "cancelled",
    status: 400,
    details: { CancellationReasons: [{ Code: "ConditionalCheckFailed" }] },
  });
});

it("the emulator's own region doesn't show", async () => {
  const { backend } = aBackend(200, { Table: { TableArn: "arn:aws:dynamodb:dynoxide:000000000000:table/t" } });
  expect(await backend.call({ principal, operation: "DescribeTable", input: {} })).toEqual({
    Table: { TableArn: "arn:aws:dynamodb:us-east-1:000000000000:table/t" },
  });
});

it.each([
  ["the caller asks for it in another way", "PutItem", { TableName: "t", ReturnConsumedCapacity: "INDEXES" }],
  ["the operation has none", "DescribeTable", { TableName: "t" }],
  ["the body is empty", "PutItem", {}],
])("a forward goes as it came where %s", async (_what, operation, input) => {
  const { backend, sent } = aBackend(200, {});
  const body = JSON.stringify(input);
  await backend.forward?.({ principal, operation, input, request: { method: "POST", url: "/", headers: {}, body } });
  expect(sent).toEqual([`${operation} ${body}`]);
});

describe("with a meter", () => {
  const caller = { kind: "function", functionName: "f", roleArn: "arn:aws:iam::1:role/f" } as const;
  const request = { method: "POST", url: "/", headers: {}, body: Buffer.from('{"TableName":"t"}') };
  const answer = { ConsumedCapacity: { CapacityUnits: 2 } };

  it.each(["call", "forward"] as const)("a %s asks for its capacity and has it counted", async (way) => {
    const { backend, sent, meter } = aBackend(200, answer, true);
    await backend[way]?.({ principal: caller, operation: "PutItem", input: { TableName: "t" }, request });
    expect(sent).toEqual(['PutItem {"ReturnConsumedCapacity":"TOTAL","TableName":"t"}']);
    expect(meter.report()).toMatchObject([{ by: "f", on: "t", writeUnits: 2 }]);
  });
});
