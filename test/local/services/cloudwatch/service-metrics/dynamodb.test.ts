import { AwsError } from "../../../../../local/aws/types.ts";
import { createMetrics } from "../../../../../local/services/cloudwatch/metrics.ts";
import { dynamoDbFault, dynamoDbMetrics } from "../../../../../local/services/cloudwatch/service-metrics/dynamodb.ts";
import type { Ended } from "../../../../../local/services/cloudwatch/service-metrics/observed.ts";
import { noon } from "../harness.ts";

const arn = "arn:aws:dynamodb:us-east-1:000000000000:table/t";
const input = { TableName: "t" };
const response = (status: number, body: object) => ({ status, headers: {}, body: JSON.stringify(body) });

/** What was told: metric and dimensions → sum. */
function told(tell: (book: Parameters<typeof dynamoDbMetrics>[0]) => void): Record<string, number> {
  const metrics = createMetrics({ now: () => noon });
  tell({ metrics, now: () => noon });
  return Object.fromEntries(
    [...metrics.all()].map((metric) => {
      const window = { startSeconds: noon / 1_000, endSeconds: noon / 1_000 + 1, periodSeconds: 1 };
      const key = [metric.name, ...Object.values(metric.dimensions)].join(" ");
      return [key, metrics.read(metric, window).get(noon / 1_000)?.sum ?? 0];
    }),
  );
}

describe("DynamoDB's metrics", () => {
  it.each<[string, Partial<Ended>, Record<string, number>]>([
    [
      "a put in process",
      { operation: "PutItem", input, output: { ConsumedCapacity: { TableName: "t", CapacityUnits: 2 } } },
      { "SuccessfulRequestLatency t PutItem": 3, "ConsumedWriteCapacityUnits t": 2 },
    ],
    [
      "a query over the wire, by the table's ARN",
      {
        operation: "Query",
        input: { TableName: arn },
        response: response(200, {
          Items: [{ text: { S: 'a quoted "ConsumedCapacity": {"TableName":"x","CapacityUnits":9}' } }],
          ConsumedCapacity: { TableName: "t", CapacityUnits: 0.5 },
        }),
      },
      { "SuccessfulRequestLatency t Query": 3, "ConsumedReadCapacityUnits t": 0.5 },
    ],
    [
      "a transaction over two tables",
      {
        operation: "TransactWriteItems",
        input: {
          TransactItems: [{ Put: { TableName: "t" } }, { Update: { TableName: "u" } }, { Put: { TableName: "u" } }],
        },
        response: response(200, {
          ConsumedCapacity: [
            { TableName: "t", CapacityUnits: 2, WriteCapacityUnits: 2 },
            { CapacityUnits: 4, TableName: "u" },
          ],
        }),
      },
      {
        "SuccessfulRequestLatency t TransactWriteItems": 3,
        "SuccessfulRequestLatency u TransactWriteItems": 3,
        "ConsumedWriteCapacityUnits t": 2,
        "ConsumedWriteCapacityUnits u": 4,
      },
    ],
    [
      "a condition that fails",
      {
        operation: "PutItem",
        input,
        response: response(400, { __type: "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException" }),
      },
      { "ConditionalCheckFailedRequests t": 1 },
    ],
    [
      "a wrong request",
      { operation: "PutItem", input, error: new AwsError("ValidationException", "no") },
      { UserErrors: 1 },
    ],
    [
      "a failure of the service",
      { operation: "PutItem", input, error: new AwsError("InternalServerError", "no", { status: 500 }) },
      { "SystemErrors t PutItem": 1 },
    ],
  ])("of %s", (_what, ended, expected) => {
    const whole = { durationMs: 3, ...ended } as Ended;
    expect(told((book) => dynamoDbMetrics(book)(whole))).toEqual(expected);
  });

  it("know throttling that the runtime makes up", () => {
    const throttling = new AwsError("ProvisionedThroughputExceededException", "slow down");
    expect(told((book) => dynamoDbFault(book)("GetItem", input, throttling))).toEqual({
      "ThrottledRequests t GetItem": 1,
      "ReadThrottleEvents t": 1,
    });
  });
});
