import { GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { createClaimStore } from "../../../../lambdas/shared/aws/claim-store.ts";
import type { ClaimRequest, ClaimStore } from "../../../../lambdas/shared/domain/claims.ts";
import { describeWithDynamoDb } from "../../../support/dynamo-emulator.ts";
import { createMemoryClaimStore } from "../../../support/memory-claim-store.ts";

const nowMs = Date.UTC(2026, 10, 20, 10);
const leaseSeconds = 30;
const windowMs = 35 * 24 * 60 * 60 * 1000;
const tableName = "processed-webhooks-test";

const replay = { by: "ada", why: "missed", at: "2026-11-20T12:00:00.000Z" };

let keys = 0;

function aRequest(overrides: Partial<ClaimRequest> = {}): ClaimRequest {
  return { key: "stripe:evt_1", lockToken: "token-1", nowMs, leaseSeconds, ...overrides };
}

/** What every claim store does; run over the real one and over the fake that other tests trust. */
function behavesAsClaimStore(storeUnderTest: () => ClaimStore): void {
  let store: ClaimStore;
  let key: string;
  const claim = (overrides: Partial<ClaimRequest>) => store.claim(aRequest({ key, ...overrides }));
  const complete = (lockToken: string) =>
    store.complete({ key, lockToken, status: "COMPLETED", result: "done", nowMs });
  const fail = (lockToken: string) => store.fail({ key, lockToken, error: "broken", nowMs });

  beforeEach(() => {
    store = storeUnderTest();
    keys += 1;
    key = `stripe:evt_${keys}`;
  });

  it("gives a new key to the first who claims it", async () => {
    expect(await claim({})).toEqual({ kind: "claimed", lockToken: "token-1", retryCount: 0 });
    expect(await store.statusOf(key)).toBe("PROCESSING");
  });

  it("knows nothing of a key that was never claimed", async () => {
    expect(await store.statusOf(key)).toBeUndefined();
  });

  it("rule 8: keeps a key from others until the millisecond in which the lease ends", async () => {
    await claim({});
    const endMs = nowMs + leaseSeconds * 1000;
    expect(await claim({ lockToken: "token-2", nowMs: endMs - 1 })).toEqual({ kind: "busy" });
    expect(await claim({ lockToken: "token-2", nowMs: endMs })).toMatchObject({ kind: "claimed", retryCount: 1 });
  });

  it("rule 8: refuses completion and failure with a token that is no longer the key's", async () => {
    await claim({});
    await claim({ lockToken: "token-2", nowMs: nowMs + leaseSeconds * 1000 });
    expect(await complete("token-1")).toBe("lost-lease");
    expect(await fail("token-1")).toBe("lost-lease");
    expect(await store.statusOf(key)).toBe("PROCESSING");
    expect(await complete("token-2")).toBe("written");
    expect(await store.statusOf(key)).toBe("COMPLETED");
  });

  it("can't end a claim that was never made", async () => {
    expect(await complete("token-1")).toBe("lost-lease");
    expect(await store.statusOf(key)).toBeUndefined();
  });

  it("completes twice with one token, as after a lost answer", async () => {
    await claim({});
    expect(await complete("token-1")).toBe("written");
    expect(await complete("token-1")).toBe("written");
  });

  it("gives a failed key to the next at once", async () => {
    await claim({});
    expect(await fail("token-1")).toBe("written");
    expect(await store.statusOf(key)).toBe("FAILED");
    expect(await claim({ lockToken: "token-2" })).toMatchObject({ kind: "claimed", retryCount: 1 });
  });

  it.each(["COMPLETED", "SKIPPED"] as const)("answers completed for a key that is %s", async (status) => {
    await claim({});
    await store.complete({ key, lockToken: "token-1", status, result: "done", nowMs });
    expect(await claim({ lockToken: "token-2", nowMs: nowMs + windowMs - 1 })).toEqual({ kind: "completed", status });
  });

  it("rule 9: takes a completed key whose 35 days are over, although TTL hasn't deleted it", async () => {
    await claim({});
    await complete("token-1");
    const lapsed = await claim({ lockToken: "token-2", nowMs: nowMs + windowMs });
    expect(lapsed).toMatchObject({ kind: "claimed", lockToken: "token-2" });
  });

  it("rule 18: keeps the times of the first receipt through later claims and the end of the window", async () => {
    const firstSeen = { receivedAt: "2026-11-20T10:00:00.000Z", occurredAt: "2026-11-20T09:59:00.000Z", content: "aa" };
    const later = { receivedAt: "2026-11-21T10:00:00.000Z", occurredAt: "2026-11-21T10:00:00.000Z", content: "bb" };
    expect(await claim({ firstSeen })).toMatchObject({ firstSeen });
    await fail("token-1");
    expect(await claim({ lockToken: "token-2", firstSeen: later })).toMatchObject({ firstSeen });
    await complete("token-2");
    const completed = { kind: "completed", status: "COMPLETED", firstSeen };
    expect(await claim({ lockToken: "token-3", firstSeen: later })).toEqual(completed);
    const lapsed = await claim({ lockToken: "token-3", firstSeen: later, nowMs: nowMs + windowMs });
    expect(lapsed).toMatchObject({ kind: "claimed", firstSeen });
  });

  it("rule 14: lets an owner claim again what it holds, with a fresh token, and nobody else", async () => {
    await claim({ owner: "execution-1" });
    expect(await claim({ owner: "execution-2", lockToken: "token-2" })).toEqual({ kind: "busy" });
    expect(await claim({ lockToken: "token-2" })).toEqual({ kind: "busy" });
    expect(await claim({ owner: "execution-1", lockToken: "token-3" })).toMatchObject({ lockToken: "token-3" });
    expect(await complete("token-1")).toBe("lost-lease");
    expect(await complete("token-3")).toBe("written");
    expect(await claim({ owner: "execution-1", lockToken: "token-4" })).toMatchObject({ kind: "completed" });
  });

  it("notes a replay on a record that is there, and leaves its status alone", async () => {
    expect(await store.noteReplay(key, replay)).toBe("gone");
    expect(await store.statusOf(key)).toBeUndefined();
    await claim({});
    await complete("token-1");
    expect(await store.noteReplay(key, replay)).toBe("noted");
    expect(await store.statusOf(key)).toBe("COMPLETED");
  });

  it("gives a contended key to exactly one of many", async () => {
    const claims = await Promise.all(Array.from({ length: 20 }, (_, racer) => claim({ lockToken: `token-${racer}` })));
    expect(claims.filter(({ kind }) => kind === "claimed")).toHaveLength(1);
    expect(claims.filter(({ kind }) => kind === "busy")).toHaveLength(19);
  });
}

describe("claims in memory", () => behavesAsClaimStore(createMemoryClaimStore));

describeWithDynamoDb("claims in DynamoDB", (emulator) => {
  beforeAll(() => emulator().createTable(tableName, "eventId"));
  const store = () => createClaimStore(emulator().client, tableName);

  behavesAsClaimStore(store);

  async function stored(key: string) {
    const output = await emulator().client.send(
      new GetItemCommand({ TableName: tableName, Key: { eventId: { S: key } } }),
    );
    return output.Item && unmarshall(output.Item);
  }

  it("keeps who has sent an event again and why, each of them once", async () => {
    await store().claim(aRequest({ key: "replayed", replay }));
    await store().noteReplay("replayed", replay);
    await store().noteReplay("replayed", { ...replay, why: "the bus was down", force: true });
    expect((await stored("replayed"))?.replays).toEqual(
      new Set([
        '{"at":"2026-11-20T12:00:00.000Z","by":"ada","why":"missed"}',
        '{"at":"2026-11-20T12:00:00.000Z","by":"ada","why":"the bus was down"}',
      ]),
    );
  });

  const firstSeen = { receivedAt: "2026-11-20T10:00:00.000Z", occurredAt: "2026-11-20T09:59:00.000Z", content: "aa" };
  const delivery = { correlationId: "correlation-1", source: "webhook", signature: "t=1,v1=aa" };

  it("keeps the record as ARCHITECTURE.md describes it", async () => {
    await store().claim(aRequest({ key: "full", delivery, firstSeen }));
    expect(await stored("full")).toEqual({
      eventId: "full",
      status: "PROCESSING",
      lockToken: "token-1",
      leaseExpiresAt: nowMs + 30_000,
      processingStartedAt: "2026-11-20T10:00:00.000Z",
      retryCount: 0,
      ttl: (nowMs + windowMs) / 1000,
      firstReceivedAt: firstSeen.receivedAt,
      firstOccurredAt: firstSeen.occurredAt,
      firstContent: "aa",
      ...delivery,
    });
    await store().fail({ key: "full", lockToken: "token-1", error: "code: words", nowMs: nowMs + 1 });
    expect(await stored("full")).toMatchObject({ status: "FAILED", error: "code: words" });
    await store().claim(aRequest({ key: "full", lockToken: "token-2", nowMs: nowMs + 2 }));
    await store().complete({
      key: "full",
      lockToken: "token-2",
      status: "COMPLETED",
      result: "words",
      nowMs: nowMs + 3,
    });
    expect(await stored("full")).toEqual({
      eventId: "full",
      status: "COMPLETED",
      lockToken: "token-2",
      processingStartedAt: "2026-11-20T10:00:00.002Z",
      processingCompletedAt: "2026-11-20T10:00:00.003Z",
      retryCount: 1,
      result: "words",
      ttl: Math.floor((nowMs + 2 + windowMs) / 1000),
      firstReceivedAt: firstSeen.receivedAt,
      firstOccurredAt: firstSeen.occurredAt,
      firstContent: "aa",
      ...delivery,
    });
  });

  it("holds a record in PROCESSING without a lease for its owner, as during a review", async () => {
    await store().claim(aRequest({ key: "review", owner: "execution-1" }));
    await emulator().client.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: { eventId: { S: "review" } },
        UpdateExpression: "REMOVE leaseExpiresAt",
      }),
    );
    const later = { key: "review", lockToken: "token-2", nowMs: nowMs + 86_400_000 };
    expect(await store().claim(aRequest({ ...later, owner: "execution-2" }))).toEqual({ kind: "busy" });
    expect(await store().claim(aRequest({ ...later, owner: "execution-1" }))).toMatchObject({ kind: "claimed" });
  });
});
