import { GetItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { createTransactionStore } from "../../../../lambdas/shared/aws/transaction-store.ts";
import { entriesOf, entryKeys } from "../../../../lambdas/shared/domain/ledger.ts";
import { PermanentError } from "../../../../lambdas/shared/domain/retryable-error.ts";
import { describeWithDynamoDb } from "../../../support/dynamo-emulator.ts";
import { aWebhookMessage } from "../../../support/payment-events.ts";

const tableName = "transactions-test";

describeWithDynamoDb("the ledger in DynamoDB", (emulator) => {
  beforeAll(() => emulator().createTable(tableName, "transactionId", "entry"));
  const store = () => createTransactionStore(emulator().client, tableName);

  async function stored(transactionId: string, entry: string) {
    const Key = { transactionId: { S: transactionId }, entry: { S: entry } };
    const output = await emulator().client.send(new GetItemCommand({ TableName: tableName, Key }));
    return output.Item;
  }

  const score = {
    eventId: "stripe:evt_1",
    score: 0.35,
    decision: "APPROVE",
    reasons: [{ code: "new-customer", weight: 0.35, detail: "First known payment" }],
    modelVersion: "test-1",
  } as const;
  const decision = {
    transactionId: "stripe:pi_decision",
    occurredAt: "2026-11-20T10:00:00.000Z",
    tier: "low",
    score,
    decision: score.decision,
    decidedAt: "2026-11-20T10:00:05.000Z",
    decidedBy: "fraud-detector",
  } as const;

  it("stores a fact with its amount exact beyond a float's digits", async () => {
    const message = aWebhookMessage({
      transactionId: "stripe:pi_fact",
      amountMinor: "123456789012345678901234567890",
      signals: { cardCountry: "FR" },
    });
    const { fact } = entriesOf(message, message.event, { tier: "high" });
    await store().recordFact(fact);
    const item = await stored("stripe:pi_fact", "2026-11-20T10:00:00.000Z#stripe:evt_1");
    expect(item?.amountMinor).toEqual({ N: "123456789012345678901234567890" });
    const { amountMinor: _, ...event } = message.event;
    expect(unmarshall(item ?? {}, { wrapNumbers: (text) => Number(text) })).toMatchObject({
      ...event,
      kind: "fact",
      source: "webhook",
      tier: "high",
      archivePartition: fact.archivePartition,
    });
  });

  it("never changes an entry that is there", async () => {
    const message = aWebhookMessage({ transactionId: "stripe:pi_again" });
    const { fact } = entriesOf(message, message.event, { tier: "low" });
    await store().recordFact(fact);
    await store().recordFact({ ...fact, tier: "high" });
    const item = await stored("stripe:pi_again", entryKeys.fact(message.event.occurredAt, message.event.eventId));
    expect(item?.tier).toEqual({ S: "low" });
  });

  it("rule 1: stores the exact bytes, or where they lie", async () => {
    const inline = aWebhookMessage({ transactionId: "stripe:pi_raw" });
    const checked = aWebhookMessage(
      { transactionId: "stripe:pi_check" },
      {
        raw: {
          ...inline.raw,
          body: { kind: "claim-check", encoding: "zstd", bucket: "webhook-payloads", key: "some/key" },
        },
      },
    );
    for (const message of [inline, checked]) {
      await store().recordRaw(entriesOf(message, message.event, { tier: "low" }).raw);
    }
    const entry = entryKeys.raw("2026-11-20T10:00:00.000Z", "stripe:evt_1");
    const inlineItem = unmarshall((await stored("stripe:pi_raw", entry)) ?? {});
    expect(Buffer.from(inlineItem.body).toString()).toBe("{}");
    expect(inlineItem).toMatchObject({
      kind: "raw",
      encoding: "identity",
      headers: { "stripe-signature": "t=1,v1=aa" },
      sizeBytes: 2,
      sha256: inline.raw.sha256,
      receivedAt: "2026-11-20T10:00:01.250Z",
    });
    expect(unmarshall((await stored("stripe:pi_check", entry)) ?? {})).toMatchObject({
      encoding: "zstd",
      bucket: "webhook-payloads",
      key: "some/key",
    });
  });

  it("rule 5: says who holds a version, to the holder and to everybody after", async () => {
    const marker = {
      transactionId: "stripe:pi_version",
      providerType: "charge.refunded",
      objectVersion: "v1",
    } as const;
    expect(await store().recordVersion({ ...marker, eventId: "stripe:evt_1" })).toBe("stripe:evt_1");
    expect(await store().recordVersion({ ...marker, eventId: "stripe:evt_2" })).toBe("stripe:evt_1");
    expect(await store().recordVersion({ ...marker, eventId: "stripe:evt_1" })).toBe("stripe:evt_1");
    const other = { ...marker, objectVersion: "v2", eventId: "stripe:evt_2" };
    expect(await store().recordVersion(other)).toBe("stripe:evt_2");
  });

  it("stores the first decision and keeps it", async () => {
    await store().recordDecision(decision);
    await store().recordDecision({ ...decision, decision: "BLOCK", decidedBy: "somebody" });
    const item = await stored("stripe:pi_decision", "decision#2026-11-20T10:00:00.000Z#stripe:evt_1");
    expect(unmarshall(item ?? {})).toEqual({
      transactionId: "stripe:pi_decision",
      entry: "decision#2026-11-20T10:00:00.000Z#stripe:evt_1",
      kind: "decision",
      eventId: "stripe:evt_1",
      decision: "APPROVE",
      score: 0.35,
      reasons: JSON.stringify(score.reasons),
      modelVersion: "test-1",
      decidedAt: "2026-11-20T10:00:05.000Z",
      decidedBy: "fraud-detector",
      tier: "low",
    });
  });

  it("reads back a transaction's facts by the sort key, before its other entries", async () => {
    const message = aWebhookMessage({ transactionId: "stripe:pi_order" });
    const { fact, raw } = entriesOf(message, message.event, { tier: "low" });
    await store().recordRaw(raw);
    await store().recordFact(fact);
    await store().recordDecision({ ...decision, transactionId: "stripe:pi_order" });
    const output = await emulator().client.send(
      new QueryCommand({
        TableName: tableName,
        KeyConditionExpression: "transactionId = :id",
        ExpressionAttributeValues: { ":id": { S: "stripe:pi_order" } },
      }),
    );
    expect(output.Items?.map(({ kind }) => kind?.S)).toEqual(["fact", "decision", "raw"]);
  });

  it("rule 15: calls an entry that DynamoDB can never take a permanent error", async () => {
    const message = aWebhookMessage({ transactionId: "stripe:pi_long", eventId: "stripe:".padEnd(1_100, "x") });
    const { fact } = entriesOf(message, message.event, { tier: "low" });
    await expect(store().recordFact(fact)).rejects.toBeInstanceOf(PermanentError);
  });
});
