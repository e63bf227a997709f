import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { indexes } from "../../../../config/names.ts";
import { createArchiveLedger } from "../../../../lambdas/shared/aws/archive-ledger.ts";
import { createLedgerRelease } from "../../../../lambdas/shared/aws/ledger-release.ts";
import { createTransactionStore } from "../../../../lambdas/shared/aws/transaction-store.ts";
import type { FactKey } from "../../../../lambdas/shared/domain/archive/records.ts";
import { type DecisionEntry, entriesOf, entryKeys } from "../../../../lambdas/shared/domain/ledger.ts";
import { describeWithDynamoDb } from "../../../support/dynamo-emulator.ts";
import { aWebhookMessage } from "../../../support/payment-events.ts";

const tableName = "transactions-archive-test";
const occurredAt = "2026-11-20T10:00:00.000Z";

describeWithDynamoDb("the ledger as the archive reads and releases it", (emulator) => {
  beforeAll(() =>
    emulator().createTable(tableName, "transactionId", "entry", {
      name: indexes.archive,
      partitionKey: "archivePartition",
    }),
  );
  const ledger = () => createArchiveLedger(emulator().client, tableName);
  const release = () => createLedgerRelease(emulator().client, tableName);
  const store = () => createTransactionStore(emulator().client, tableName);

  /** Records an event as the pipeline does; gives its fact's key and archive partition. */
  async function recorded(transactionId: string, event: Parameters<typeof aWebhookMessage>[0] = {}) {
    const message = aWebhookMessage({ transactionId, eventId: `${transactionId}-evt`, ...event });
    const { fact, raw } = entriesOf(message, message.event, { tier: "low" });
    await store().recordFact(fact);
    await store().recordRaw(raw);
    const key: FactKey = { transactionId, entry: entryKeys.fact(occurredAt, fact.event.eventId) };
    return { key, fact, eventId: fact.event.eventId };
  }

  function decisionOn(transactionId: string, eventId: string): DecisionEntry {
    const score = { eventId, score: 0.35, decision: "REVIEW", reasons: [], modelVersion: "test-1" } as const;
    return {
      transactionId,
      occurredAt,
      tier: "low",
      score,
      decision: "REVIEW",
      decidedAt: occurredAt,
      decidedBy: "ada",
    };
  }

  async function item({ transactionId, entry }: FactKey) {
    const Key = { transactionId: { S: transactionId }, entry: { S: entry } };
    return (await emulator().client.send(new GetItemCommand({ TableName: tableName, Key }))).Item;
  }

  it("reads back what the pipeline wrote, amounts exact beyond a float's digits", async () => {
    const amountMinor = "-123456789012345678901234567890";
    const { key, eventId } = await recorded("t:read", { amountMinor, currency: "KWD", objectVersion: "v1" });
    const bare = await recorded("t:bare");
    await store().recordDecision(decisionOn("t:read", eventId));
    const [record, second, ...none] = await ledger().read([
      key,
      bare.key,
      { transactionId: "t:none", entry: key.entry },
    ]);
    expect(none).toEqual([]);
    expect(second).toMatchObject({ fact: { transactionId: "t:bare" }, raw: { encoding: "identity" } });
    expect(second?.decision).toBeUndefined();
    expect(record?.fact).toMatchObject({
      eventId,
      amountMinor: BigInt(amountMinor),
      currency: "KWD",
      objectVersion: "v1",
      tier: "low",
      source: "webhook",
      routingAmountUsd: 123.45,
    });
    expect(record?.raw).toMatchObject({ headers: { "stripe-signature": "t=1,v1=aa" }, sizeBytes: 2 });
    expect(Buffer.from((record?.raw?.body as Uint8Array | undefined) ?? []).toString()).toBe("{}");
    expect(record?.decision).toEqual({ decision: "REVIEW", score: 0.35, decidedBy: "ada", decidedAt: occurredAt });
    expect(await ledger().decided([key, bare.key])).toEqual([key]);
  });

  it("reads many keys in the order in which it was asked", async () => {
    const keys: FactKey[] = [];
    for (let index = 0; index < 70; index += 1) keys.push((await recorded(`t:many-${index}`)).key);
    const records = await ledger().read(keys.toReversed());
    expect(records.map(({ fact }) => fact.transactionId)).toEqual(keys.toReversed().map((key) => key.transactionId));
  });

  it("lists a partition of the index page by page", async () => {
    const event = { eventId: "evt-same-for-all", receivedAt: "2026-11-20T11:00:00.000Z" };
    const made: FactKey[] = [];
    for (const id of ["t:page-1", "t:page-2", "t:page-3"]) made.push((await recorded(id, event)).key);
    const { fact } = await recorded("t:page-1", event);
    const pages: FactKey[][] = [];
    let after: string | undefined;
    do {
      const page = await ledger().page(fact.archivePartition, { limit: 2, ...(after !== undefined && { after }) });
      pages.push([...page.keys]);
      after = page.next;
    } while (after !== undefined);
    expect(pages[0]).toHaveLength(2);
    expect(pages.flat()).toEqual(expect.arrayContaining(made));
    expect(pages.flat()).toHaveLength(3);
  });

  it("releases an event's entries, once, and creates none that aren't there", async () => {
    const { key, fact, eventId } = await recorded("t:release", { objectVersion: "v9" });
    await store().recordDecision(decisionOn("t:release", eventId));
    const row = {
      ...key,
      providerType: fact.event.providerType,
      objectVersion: "v9",
      hasDecision: true,
    };
    expect(await release().unreleased([row, row])).toEqual([row, row]);
    await release().release(row, 1_800_000_000);
    await release().release(row, 1_900_000_000);
    expect(await release().unreleased([row])).toEqual([]);
    const beside = [key.entry, entryKeys.raw(occurredAt, eventId), entryKeys.decision(occurredAt, eventId)];
    for (const entry of beside) {
      const found = await item({ transactionId: "t:release", entry });
      expect(found?.ttl).toEqual({ N: "1800000000" });
      expect(found?.archivePartition).toBeUndefined();
    }
    expect(
      await item({ transactionId: "t:release", entry: entryKeys.version(row.providerType, "v9") }),
    ).toBeUndefined();
    expect((await ledger().page(fact.archivePartition)).keys).not.toContainEqual(key);
  });
});
