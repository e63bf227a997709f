/** X-Ray's SDK against a daemon of ours: a UDP port, which each segment reaches as a text. */
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { withoutCallLog } from "../../../../lambdas/shared/aws/client-options.ts";
import { parseTraceHeader } from "../../../../lambdas/shared/domain/trace-header.ts";
import type { Tracing } from "../../../../lambdas/shared/runtime/trace.ts";

interface SegmentDocument {
  readonly id: string;
  readonly name: string;
  readonly type?: string;
  readonly trace_id: string;
  readonly parent_id?: string;
  readonly origin?: string;
  readonly fault?: boolean;
  readonly error?: boolean;
  readonly annotations?: Readonly<Record<string, unknown>>;
  readonly aws?: Readonly<Record<string, unknown>>;
  readonly subsegments?: readonly SegmentDocument[];
}

const batch = { root: `1-67000000-${"a".repeat(24)}`, parent: "b".repeat(16) };
const own = { root: `1-67000001-${"c".repeat(24)}`, parent: "d".repeat(16) };
const headerOf = ({ root, parent }: typeof own, sampled = 1) => `Root=${root};Parent=${parent};Sampled=${sampled}`;
const secret = "4242424242424242";

let daemon: Socket;
let tracing: Tracing;
const texts: string[] = [];
const told: unknown[] = [];
const sentHeaders: string[] = [];

/** By what the key of a call begins with. */
const refusals: Readonly<Record<string, object>> = {
  refused: { __type: "ValidationException", message: `The value ${secret} is not valid` },
  claimed: { __type: "ConditionalCheckFailedException", message: "The conditional request failed" },
  faster: {
    __type: "TransactionCanceledException",
    CancellationReasons: [{ Code: "None" }, { Code: "ConditionalCheckFailed" }, { Code: "TransactionConflict" }],
  },
  throttled: {
    __type: "TransactionCanceledException",
    CancellationReasons: [{ Code: "ConditionalCheckFailed" }, { Code: "ThrottlingError" }],
  },
};

/** A client whose calls end here: answered, or refused with a message that quotes what it refuses. */
const client = withoutCallLog(
  new DynamoDBClient({
    region: "us-east-1",
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
    maxAttempts: 1,
    requestHandler: {
      handle: async (request: { headers: Record<string, string>; body: Uint8Array }) => {
        sentHeaders.push(request.headers["X-Amzn-Trace-Id"] ?? "");
        const text = new TextDecoder().decode(request.body);
        const refusal = Object.entries(refusals).find(([key]) => text.includes(`"${key} `))?.[1];
        const body = refusal ?? { ConsumedCapacity: { TableName: "transactions-test", CapacityUnits: 1 } };
        return {
          response: {
            statusCode: refusal ? 400 : 200,
            headers: { "content-type": "application/x-amz-json-1.0" },
            body: Buffer.from(JSON.stringify(body)),
          },
        };
      },
    },
  }),
);
const call = (key: string) =>
  client.send(new GetItemCommand({ TableName: "transactions-test", Key: { pk: { S: `${key} ${secret}` } } }));

beforeAll(async () => {
  daemon = createSocket("udp4");
  daemon.on("message", (message) => texts.push(message.toString()));
  daemon.bind(0, "127.0.0.1");
  await once(daemon, "listening");
  Object.assign(process.env, {
    AWS_LAMBDA_FUNCTION_NAME: "webhook-dedup-test",
    AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    LAMBDA_TASK_ROOT: "/var/task",
    AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${(daemon.address() as AddressInfo).port}`,
    _X_AMZN_TRACE_ID: headerOf(batch),
  });
  const { createXrayTracing } = await import("../../../../lambdas/shared/runtime/xray.ts");
  tracing = createXrayTracing({ clients: [client], tell: (error) => told.push(error) });
});

afterAll(() => {
  daemon.close();
});

beforeEach(() => {
  texts.length = 0;
  sentHeaders.length = 0;
  process.env._X_AMZN_TRACE_ID = headerOf(batch);
});

afterEach(() => {
  expect(told).toEqual([]);
});

/** All documents that have arrived, once as many as that have; a segment has those in it that ended before it did. */
async function segments(count: number): Promise<SegmentDocument[]> {
  while (texts.length < count) await once(daemon, "message");
  return texts.map((text) => JSON.parse(text.slice(text.indexOf("\n") + 1)) as SegmentDocument);
}

const flat = (all: readonly SegmentDocument[]): SegmentDocument[] =>
  all.flatMap((one) => [one, ...flat(one.subsegments ?? [])]);

describe("X-Ray tracing", () => {
  it("shows an invocation below Lambda's own segment, with its calls and its annotations", async () => {
    await tracing.invocation(async () => {
      await call("wanted");
      tracing.annotate({ eventId: "stripe:evt_1", provider: "stripe", ...{ correlationId: "not this one" } });
    });
    const all = flat(await segments(2));
    const handler = all.find(({ name }) => name === "handler");
    const dynamoDb = all.find(({ name }) => name === "DynamoDB");
    expect(handler).toMatchObject({ trace_id: batch.root, parent_id: batch.parent });
    expect(handler?.annotations).toEqual({ ColdStart: true, eventId: "stripe:evt_1", provider: "stripe" });
    expect(dynamoDb?.parent_id ?? handler?.id).toBe(handler?.id);
    expect(dynamoDb?.aws).toEqual({
      operation: "GetItem",
      region: "us-east-1",
      // The SDK writes the attempts there.
      retries: 1,
      table_name: "transactions-test",
    });
    expect(parseTraceHeader(sentHeaders[0])).toMatchObject({ root: batch.root, parent: dynamoDb?.id, isSampled: true });
  });

  it("shows what is done for a message in the message's trace, with the way to the batch's", async () => {
    const header = await tracing.invocation(async () => {
      const message = tracing.message(`${headerOf(own)};Lineage=1:a87bd80c:0;Card=${secret}`);
      await Promise.all([message.within(() => call("wanted")), call("wanted for all")]);
      message.end({ eventId: "stripe:evt_2", tier: "high" });
      return message.header;
    });
    const all = flat(await segments(3));
    const segment = all.find(({ trace_id, type }) => trace_id === own.root && type !== "subsegment");
    expect(segment).toMatchObject({
      name: "webhook-dedup-test",
      parent_id: own.parent,
      origin: "AWS::Lambda::Function",
    });
    expect(segment?.annotations).toEqual({ eventId: "stripe:evt_2", tier: "high", batchTraceId: batch.root });
    expect(header).toBe(`Root=${own.root};Parent=${segment?.id};Sampled=1;Lineage=1:a87bd80c:0`);
    expect(sentHeaders.map((sent) => parseTraceHeader(sent)?.root).sort()).toEqual([batch.root, own.root]);
    expect(sentHeaders.find((sent) => sent.includes(own.root))).toContain("Lineage=1:a87bd80c:0");
    expect(sentHeaders.join()).not.toContain(secret);
    expect(all.filter(({ name }) => name === "DynamoDB")).toHaveLength(2);
  });

  it("sends nothing of a message that isn't sampled, and hands its header on", async () => {
    process.env._X_AMZN_TRACE_ID = headerOf(batch, 0);
    const header = await tracing.invocation(async () => {
      const message = tracing.message(headerOf(own, 0));
      await message.within(() => call("wanted"));
      message.end({});
      return message.header;
    });
    expect(parseTraceHeader(header)).toMatchObject({ root: own.root, isSampled: false });
    expect(parseTraceHeader(sentHeaders[0])).toMatchObject({ root: own.root, isSampled: false });
    // A sampled one after it is the first that arrives.
    process.env._X_AMZN_TRACE_ID = headerOf(batch);
    await tracing.invocation(async () => {});
    expect((await segments(1)).map(({ name }) => name)).toEqual(["handler"]);
  });

  it("makes nothing of a header that X-Ray wouldn't take", () => {
    expect(tracing.message("Root=1-zz;Sampled=1").header).toBeUndefined();
    expect(tracing.message(undefined).header).toBeUndefined();
  });

  it("rule 19: keeps input and messages of errors out, and throws the error as it was", async () => {
    const run = tracing.invocation(async () => {
      const message = tracing.message(headerOf(own));
      const error = await message.within(() => call("refused")).catch((thrown: Error) => thrown);
      message.end({}, error as Error);
      throw error;
    });
    await expect(run).rejects.toThrow(`The value ${secret} is not valid`);
    const all = flat(await segments(2));
    expect(all.find(({ name }) => name === "DynamoDB")).toMatchObject({
      error: true,
      cause: { exceptions: [{ type: "ValidationException", message: "" }] },
    });
    expect(all.filter(({ fault }) => fault === true).map(({ name }) => name)).toContain("webhook-dedup-test");
    expect(texts.join()).not.toContain(secret);
  });

  it.each([
    ["claimed", "ConditionalCheckFailedException"],
    ["faster", "TransactionCanceledException"],
  ])("shows no fault where a condition is refused, and throws it all the same (%s)", async (key, name) => {
    await tracing.invocation(async () => {
      const error = await call(key).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ name, $metadata: { httpStatusCode: 400 } });
    });
    const dynamoDb = flat(await segments(2)).find((one) => one.name === "DynamoDB");
    expect(dynamoDb?.aws).toMatchObject({ operation: "GetItem", table_name: "transactions-test" });
    expect(texts.join()).not.toMatch(/"(fault|error|throttle|cause)":/);
  });

  it("shows a transaction that was refused for something else, too", async () => {
    await tracing.invocation(async () => {
      await expect(call("throttled")).rejects.toMatchObject({ name: "TransactionCanceledException" });
    });
    expect(flat(await segments(2)).find(({ name }) => name === "DynamoDB")).toMatchObject({ error: true, fault: true });
  });
});
