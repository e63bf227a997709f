/** Webhooks from their post to their end, through the system as it was synthesized. */
import { createHash, randomBytes } from "node:crypto";
import { zstdDecompressSync } from "node:zlib";
import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { LocalProcess } from "../../local/process.ts";
import {
  clientOptions,
  named,
  payment,
  receive,
  send,
  sign,
  startPipeline,
  type Tables,
  tablesOf,
  until,
} from "./harness.ts";

let runtime: LocalProcess;
let tables: Tables;

beforeAll(async () => {
  // A repeat that finds its event in work comes back after its visibility time-out: 90 s, longer than a test may take.
  runtime = await startPipeline(["--memory", "--speed", "20"]);
  tables = tablesOf(runtime);
});
afterAll(() => runtime?.stop());

async function countOf(tableName: string): Promise<number> {
  const client = new DynamoDBClient(clientOptions(runtime));
  const { Count } = await client.send(new ScanCommand({ TableName: tableName, Select: "COUNT", ConsistentRead: true }));
  return Count ?? 0;
}

const kindsOf = async (transactionId: string) =>
  (await tables.ofTransaction(transactionId)).map(({ kind }) => kind).sort();

describe("a payment", () => {
  it.each([
    ["low", 99_999],
    ["medium", 100_000],
    ["high", 1_000_001],
  ])("of the %s tier gets its decision", async (tier, amountMinor) => {
    const id = `tier_${tier}`;
    const answer = await send(runtime, sign({ body: payment({ id, amountMinor }) }));
    expect(answer).toMatchObject({ status: 200, body: { eventId: `stripe:evt_${id}`, status: "accepted" } });

    const decision = await tables.decision(`stripe:pi_${id}`);

    expect(decision).toMatchObject({
      decision: "APPROVE",
      decidedBy: "fraud-detector",
      tier,
      eventId: `stripe:evt_${id}`,
    });
    const [fact] = (await tables.ofTransaction(`stripe:pi_${id}`)).filter(({ kind }) => kind === "fact");
    expect(fact).toMatchObject({ amountMinor, currency: "USD", tier });
    expect(await tables.record(`stripe:evt_${id}`)).toMatchObject({ status: "COMPLETED" });
  });

  it.each([
    ["low", 100],
    ["medium", 100_000],
    ["high", 1_000_001],
  ])("of the %s tier gets its decision with an emoji in its ids", async (tier, amountMinor) => {
    const id = `${tier}_\u{1F600}`;
    expect((await send(runtime, sign({ body: payment({ id, amountMinor }) }))).status).toBe(200);

    expect(await tables.decision(`stripe:pi_${id}`)).toMatchObject({ tier, eventId: `stripe:evt_${id}` });
  });

  it("rule 10: in an unknown currency waits for a person", async () => {
    await send(runtime, sign({ body: payment({ id: "unknown", amountMinor: 5_000, currency: "xxx" }) }));

    const { body } = await receive(runtime, named.queues.unroutable);

    expect(JSON.parse(body)).toMatchObject({ eventId: "stripe:evt_unknown" });
    expect(JSON.parse(body)).not.toHaveProperty("routingAmountUsd");
    expect(await kindsOf("stripe:pi_unknown")).not.toContain("decision");
  });
});

it("an event without money is recorded and put on no bus", async () => {
  const ping = sign({
    provider: "github",
    body: { zen: "Design for failure.", hook_id: 7 },
    deliveryId: "ping-1",
    topic: "ping",
  });
  expect((await send(runtime, ping)).status).toBe(200);

  const record = await until("its completed record", async () => {
    const found = await tables.record("github:ping-1");
    return found?.status === "COMPLETED" ? found : undefined;
  });

  expect(record).toMatchObject({ result: expect.stringContaining("not routed") });
});

describe("what is refused", () => {
  const body = Buffer.from(JSON.stringify(payment({ id: "refused", amountMinor: 100 })));
  const good = () => sign({ body });
  const oversize = Buffer.from(JSON.stringify({ id: "evt_refused", filler: "x".repeat(1024 * 1024) }));

  it.each([
    ["rule 1: a tampered body", () => ({ ...good(), body: Buffer.from(body.toString().replace("100", "999")) }), 401],
    ["rule 2: a stale signature", () => sign({ body, atMs: -302_000 }), 401],
    ["rule 2: a signature from the future", () => sign({ body, atMs: 302_000 }), 401],
    ["rule 4: no signature", () => ({ ...good(), headers: {} }), 401],
    ["rule 4: a body that isn't JSON", () => sign({ body: Buffer.from("{") }), 400],
    ["rule 4: a body above 1 MiB", () => sign({ body: oversize }), 413],
    [
      "rule 4: a body above what API Gateway takes",
      () => ({ ...good(), body: Buffer.alloc(10 * 1024 * 1024 + 1) }),
      413,
    ],
    ["rule 4: an unknown provider", () => ({ ...good(), path: "/webhooks/nobody" }), 404],
    [
      "rule 4: a provider called like a member of every object",
      () => ({ ...good(), path: "/webhooks/constructor" }),
      404,
    ],
    ["rule 4: an unknown path", () => ({ ...good(), path: "/elsewhere" }), 404],
    ["rule 4: a path of slashes", () => ({ ...good(), path: "//" }), 404],
    ["rule 4: a broken percent sign", () => ({ ...good(), path: "/webhooks/%zz" }), 404],
  ])("%s is answered in the shape of every refusal, and nothing is recorded", async (_name, webhook, status) => {
    const before = await countOf(named.tables.processedWebhooks);

    const answer = await send(runtime, webhook());

    expect(answer.status).toBe(status);
    expect(answer.body).toEqual({
      error: { type: expect.any(String), code: expect.any(String), message: expect.any(String) },
    });
    await runtime.untilIdle();
    expect(await countOf(named.tables.processedWebhooks)).toBe(before);
    expect(await tables.ofTransaction("stripe:pi_refused")).toEqual([]);
  });

  it("rule 4: a wrong method is 405, by the function and not by API Gateway", async () => {
    const answer = await send(runtime, good(), "GET");
    expect(answer).toMatchObject({ status: 405, body: { error: { code: expect.any(String) } } });
  });

  it("odd header and query names harm nobody", async () => {
    const webhook = sign({ body: payment({ id: "odd", amountMinor: 100 }) });
    const odd = {
      ...webhook,
      path: `${webhook.path}?constructor=1&__proto__=2`,
      headers: { ...webhook.headers, constructor: "x" },
    };
    expect((await send(runtime, odd)).status).toBe(200);
  });
});

it("rule 8: twenty concurrent posts of one event are one fact and one decision", async () => {
  const webhook = sign({ body: payment({ id: "twenty", amountMinor: 250_000 }) });

  const answers = await Promise.all(Array.from({ length: 20 }, () => send(runtime, webhook)));

  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
  await tables.decision("stripe:pi_twenty");
  await runtime.untilIdle();
  expect(await kindsOf("stripe:pi_twenty")).toEqual(["decision", "fact", "raw", "version"]);
});

it("rule 12: a large body goes by claim check, and its bytes come back as they came", async () => {
  const metadata = { note: randomBytes(96 * 1024).toString("base64") };
  const { body, ...rest } = sign({ body: payment({ id: "large", amountMinor: 4_200, metadata }) });
  expect((await send(runtime, { body, ...rest })).status).toBe(200);
  // Sent again it finds its body stored, which the function can't overwrite.
  expect((await send(runtime, { body, ...rest })).status).toBe(200);
  await tables.decision("stripe:pi_large");

  const [raw] = (await tables.ofTransaction("stripe:pi_large")).filter(({ kind }) => kind === "raw");

  const client = new S3Client({ ...clientOptions(runtime), forcePathStyle: true });
  const object = await client.send(new GetObjectCommand({ Bucket: String(raw?.bucket), Key: String(raw?.key) }));
  const stored = Buffer.from((await object.Body?.transformToByteArray()) ?? []);
  const bytes = raw?.encoding === "zstd" ? zstdDecompressSync(stored) : stored;
  const sha256 = createHash("sha256").update(body).digest("hex");
  expect(createHash("sha256").update(bytes).digest("hex")).toBe(sha256);
  expect(raw).toMatchObject({ sha256, sizeBytes: body.length });
});

it.each([
  ["not JSON", "{", "not-json"],
  ["JSON of another shape", '{"version":2}', "schema-invalid"],
])("rule 15: a message that is %s is a dead letter at once, with its reason", async (_name, body, reason) => {
  const client = new SQSClient(clientOptions(runtime));
  const QueueUrl = `${runtime.awsUrl}/000000000000/${named.queues.webhookEvents}`;
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: body }));

  const letter = await receive(runtime, named.dlq("webhook-events"));

  expect(letter).toEqual({ body, attributes: expect.objectContaining({ reason, detail: expect.any(String) }) });
});

it("every call was allowed, and what Lambda itself does counts as used", async () => {
  const { denied, unused } = await runtime.permissions();
  expect(denied).toEqual([]);
  const ofLambda = unused.filter(({ action }) => action.startsWith("logs:") || action === "sqs:GetQueueAttributes");
  // Nothing is archived here: archive.flow.test.ts does that.
  const idle =
    /\.amazonaws\.com$|^(archive-plan|transaction-archival|archive-seal|archive-release|webhook-reconciliation|dead-letter-copy|decision-sweep|run-webhook-reconciliation)-/;
  expect(ofLambda.filter(({ principal }) => !idle.test(principal))).toEqual([]);
});
