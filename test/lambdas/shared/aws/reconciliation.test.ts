import { CreateTableCommand, GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { indexes } from "../../../../config/names.ts";
import { createClaimReader } from "../../../../lambdas/shared/aws/claim-reader.ts";
import { createClaimStore } from "../../../../lambdas/shared/aws/claim-store.ts";
import { createDiscrepancyStore } from "../../../../lambdas/shared/aws/discrepancy-store.ts";
import { createFactReader } from "../../../../lambdas/shared/aws/fact-reader.ts";
import { createReconciliationProgress } from "../../../../lambdas/shared/aws/reconciliation-progress.ts";
import { createTransactionStore } from "../../../../lambdas/shared/aws/transaction-store.ts";
import { entriesOf } from "../../../../lambdas/shared/domain/ledger.ts";
import { discrepancyOf } from "../../../../lambdas/shared/domain/reconciliation/discrepancy.ts";
import type { DiscrepancyStore } from "../../../../lambdas/shared/domain/reconciliation/ports.ts";
import { describeWithDynamoDb } from "../../../support/dynamo-emulator.ts";
import { createMemoryDiscrepancyStore } from "../../../support/memory-reconciliation.ts";
import { aWebhookMessage } from "../../../support/payment-events.ts";

const nowMs = Date.parse("2026-11-20T02:00:00.000Z");
const isoAfter = (days: number) => new Date(nowMs + days * 86_400_000).toISOString();

function found(eventId: string, day = 0) {
  const theirs = { amountMinor: "9007199254740993", currency: "USD", status: "payment.succeeded" };
  const trouble = { kind: "missed-event", provider: "stripe", account: "acct_1", eventId, theirs } as const;
  return discrepancyOf(trouble, { runId: `run-${day}`, at: isoAfter(day) });
}

/** The laws of a store of discrepancies: the fake that other tests use obeys them, too. */
function discrepancyLaws(aStore: () => DiscrepancyStore): void {
  const readOne = async (store: DiscrepancyStore, id: string) => (await store.read([id])).get(id);

  it("gives back what was recorded, amounts and all", async () => {
    const [store, one] = [aStore(), found("stripe:a")];
    await store.record([one]);
    await store.record([one]);
    expect(await store.read([one.id, "0".repeat(16)])).toEqual(new Map([[one.id, one]]));
    expect((await store.open()).items).toContainEqual(one);
  });

  it("keeps the first time of an open one that is seen again, and counts its retries once a run", async () => {
    const [store, one, again] = [aStore(), found("stripe:b"), found("stripe:b", 1)];
    await store.record([one]);
    await store.record([{ ...again, retries: 2 }]);
    const seenAgain = { ...one, lastSeenAt: isoAfter(1), lastRun: "run-1", retries: 2 };
    expect(await readOne(store, one.id)).toEqual(seenAgain);
    await store.record([{ ...again, retries: 3 }]);
    expect(await readOne(store, one.id)).toEqual(seenAgain);
  });

  it("leaves alone what a person resolved", async () => {
    const [store, one] = [aStore(), found("stripe:c")];
    await store.record([one]);
    const closing = { status: "RESOLVED", at: isoAfter(0), by: "Ada", why: "a test charge" } as const;
    expect(await store.close(one.id, closing)).toBe("closed");
    expect(await store.close(one.id, { ...closing, by: "Bob" })).toBe("not-open");
    await store.record([found("stripe:c", 1)]);
    const { by: closedBy, why } = closing;
    expect(await readOne(store, one.id)).toMatchObject({ status: "RESOLVED", closedBy, why, lastRun: "run-1" });
    expect((await store.open()).items.map(({ id }) => id)).not.toContain(one.id);
  });

  it("begins anew with a repaired one that comes back, unless it is the same run that writes it down again", async () => {
    const [store, one] = [aStore(), found("stripe:d")];
    await store.record([one]);
    await store.close(one.id, { status: "REPAIRED", at: isoAfter(0), by: "run-0" });
    await store.record([one]);
    expect(await readOne(store, one.id)).toMatchObject({ status: "REPAIRED" });
    await store.record([found("stripe:d", 2)]);
    const back = await readOne(store, one.id);
    expect(back).toEqual(found("stripe:d", 2));
    expect((await store.open()).items.map(({ id }) => id)).toContain(one.id);
  });

  it("doesn't close what isn't there", async () => {
    const closing = { status: "REPAIRED", at: isoAfter(0), by: "run-0" } as const;
    expect(await aStore().close("f".repeat(16), closing)).toBe("not-open");
  });
}

describe("discrepancies in memory", () => discrepancyLaws(() => createMemoryDiscrepancyStore(100)));

describeWithDynamoDb("reconciliation's tables", (emulator) => {
  const tableName = "reconciliation-test";
  beforeAll(async () => {
    const key = (AttributeName: string, KeyType: "HASH" | "RANGE") => ({ AttributeName, KeyType });
    const names = ["id", "discrepancyStatus", "firstSeenAt"];
    await emulator().client.send(
      new CreateTableCommand({
        TableName: tableName,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
        KeySchema: [key("id", "HASH")],
        GlobalSecondaryIndexes: [
          {
            IndexName: indexes.openDiscrepancies,
            KeySchema: [key("discrepancyStatus", "HASH"), key("firstSeenAt", "RANGE")],
            Projection: { ProjectionType: "ALL" },
          },
        ],
      }),
    );
  });

  describe("discrepancies", () => discrepancyLaws(() => createDiscrepancyStore(emulator().client, tableName)));

  it("closed discrepancies end after a year and a half, and open ones never", async () => {
    const { client } = emulator();
    const [store, one] = [createDiscrepancyStore(client, tableName), found("stripe:e")];
    const Key = { id: { S: `discrepancy#${one.id}` } };
    const ttl = async () => (await client.send(new GetItemCommand({ TableName: tableName, Key }))).Item?.ttl?.N;
    await store.record([one]);
    expect(await ttl()).toBeUndefined();
    await store.close(one.id, { status: "REPAIRED", at: isoAfter(0), by: "run-0" });
    expect(await ttl()).toBe(String(Date.parse("2028-05-23T02:00:00.000Z") / 1000));
    await store.record([found("stripe:e", 2)]);
    expect(await ttl()).toBeUndefined();
  });

  it("a discrepancy that could not be read back isn't written", async () => {
    const store = createDiscrepancyStore(emulator().client, tableName);
    const long = { ...found("stripe:f"), transactionId: "t".repeat(513) };
    await expect(store.record([long])).rejects.toMatchObject({ code: "discrepancy-unreadable" });
    expect(await store.read([long.id])).toEqual(new Map());
  });

  it("an item that can't be read is named, hides none of the others, and can be closed", async () => {
    const { client } = emulator();
    const [store, one, other] = [createDiscrepancyStore(client, tableName), found("stripe:g"), found("stripe:h")];
    await store.record([one, other]);
    await client.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: { id: { S: `discrepancy#${one.id}` } },
        UpdateExpression: "SET transactionId = :long",
        ExpressionAttributeValues: { ":long": { S: "t".repeat(513) } },
      }),
    );
    const unreadable = { id: one.id, provider: "stripe", places: ["transactionId"] };
    const page = await store.open();
    expect([page.unreadable, page.items]).toEqual([[unreadable], expect.arrayContaining([other])]);
    expect([...(await store.read([one.id, other.id])).keys()]).toEqual([other.id]);
    const closing = { status: "RESOLVED", at: isoAfter(0), by: "Ada", why: "unreadable" } as const;
    expect(await store.close(one.id, closing)).toBe("closed");
    expect((await store.open()).unreadable).toEqual([]);
  });

  describe("progress", () => {
    const progress = () => createReconciliationProgress(emulator().client, tableName, () => nowMs);

    it("advances revision by revision, for one invocation alone", async () => {
      const store = progress();
      expect(await store.read("run-1")).toBeUndefined();
      expect(await store.advance("run-1", { revision: 1, stateKey: "a" })).toBe("written");
      expect(await store.advance("run-1", { revision: 1, stateKey: "b" })).toBe("overtaken");
      expect(await store.advance("run-1", { revision: 3, stateKey: "b" })).toBe("overtaken");
      expect(await store.advance("run-1", { revision: 2, stateKey: "b" })).toBe("written");
      await store.announced("run-1");
      expect(await store.read("run-1")).toEqual({ revision: 2, stateKey: "b", isAnnounced: true });
    });

    it("moves times forward only", async () => {
      const [store, part] = [progress(), { provider: "stripe", part: "-" } as const];
      expect(await store.checkedUntil(part)).toBeUndefined();
      await store.moveTo(part, isoAfter(1));
      await store.moveTo(part, isoAfter(0));
      expect(await store.checkedUntil(part)).toBe(isoAfter(1));
    });

    it("lists the connected accounts of one provider, until their time is forgotten", async () => {
      const store = progress();
      const parts = ["-", "accounts", "acct_1", "acct_2"].map((part) => ({ provider: "stripe", part }) as const);
      for (const part of parts) await store.moveTo(part, isoAfter(1));
      await store.moveTo({ provider: "paypal", part: "acct_9" }, isoAfter(1));
      const accounts = async () => {
        const { items } = await store.accounts("stripe");
        return items.toSorted((a, b) => (a.account < b.account ? -1 : 1));
      };
      const [one, two] = ["acct_1", "acct_2"].map((account) => ({ account, checkedUntil: isoAfter(1) }));
      expect(await accounts()).toEqual([one, two]);
      const gone = { provider: "stripe", part: "acct_1" } as const;
      await store.forget(gone, isoAfter(0));
      expect([await accounts(), await store.isForgotten(gone)]).toEqual([[one, two], false]);
      await store.forget(gone, isoAfter(1));
      expect(await store.isForgotten(gone)).toBe(true);
      expect([await accounts(), await store.checkedUntil(gone)]).toEqual([[two], undefined]);
      await store.moveTo(gone, isoAfter(2));
      expect(await accounts()).toEqual([{ account: "acct_1", checkedUntil: isoAfter(2) }, two]);
      expect(await store.isForgotten(gone)).toBe(false);
    });
  });

  it("claims are read by the hundreds, with what judges them", async () => {
    await emulator().createTable("processed-webhooks-reader", "eventId");
    const { client } = emulator();
    const claims = createClaimStore(client, "processed-webhooks-reader");
    const at = isoAfter(0);
    const ids = Array.from({ length: 130 }, (_, place) => `stripe:evt_${place}`);
    for (const key of ids) {
      const firstSeen = { receivedAt: at, occurredAt: at, content: "c" };
      await claims.claim({ key, lockToken: key, nowMs, leaseSeconds: 90, firstSeen });
    }
    await claims.fail({ key: "stripe:evt_0", lockToken: "stripe:evt_0", error: "bus: down", nowMs });
    const read = await createClaimReader(client, "processed-webhooks-reader").claimsOf([...ids, ...ids, "stripe:none"]);
    expect(read.size).toBe(130);
    expect(read.get("stripe:evt_0")).toEqual({
      eventId: "stripe:evt_0",
      status: "FAILED",
      firstOccurredAt: at,
    });
    expect(read.get("stripe:evt_1")).toMatchObject({ status: "PROCESSING", leaseExpiresAt: nowMs + 90_000 });
  });

  it("facts are read by key and by transaction, without what stands beside them", async () => {
    await emulator().createTable("transactions-reader", "transactionId", "entry");
    const { client } = emulator();
    const store = createTransactionStore(client, "transactions-reader");
    for (const eventId of ["stripe:evt_1", "stripe:evt_2"]) {
      const message = aWebhookMessage({ eventId, amountMinor: "9007199254740993" });
      const { fact, raw } = entriesOf(message, message.event, { tier: "low" });
      await Promise.all([store.recordFact(fact), store.recordRaw(raw)]);
    }
    const reader = createFactReader(client, "transactions-reader");
    const key = { transactionId: "stripe:pi_1", entry: "2026-11-20T10:00:00.000Z#stripe:evt_1" };
    const at = await reader.factsAt([key, key, { ...key, entry: "2026-11-20T10:00:00.000Z#stripe:none" }]);
    expect([...at].map(([id, { amountMinor }]) => [id, amountMinor])).toEqual([["stripe:evt_1", 9007199254740993n]]);
    const of = await reader.factsOf(["stripe:pi_1", "stripe:pi_none"]);
    expect(of.get("stripe:pi_1")?.map(({ eventId }) => eventId)).toEqual(["stripe:evt_1", "stripe:evt_2"]);
    expect(of.get("stripe:pi_none")).toEqual([]);
  });
});
