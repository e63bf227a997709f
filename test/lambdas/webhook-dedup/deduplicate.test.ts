import type { PaymentEvent, WebhookMessage } from "../../../config/events.ts";
import type { ClaimStore } from "../../../lambdas/shared/domain/claims.ts";
import type { TransactionStore } from "../../../lambdas/shared/domain/ledger.ts";
import type { EventBus } from "../../../lambdas/shared/domain/publishing.ts";
import { PermanentError, RetryableError } from "../../../lambdas/shared/domain/retryable-error.ts";
import { createDeduplication } from "../../../lambdas/webhook-dedup/deduplicate.ts";
import { createMemoryClaimStore, type MemoryClaimStore } from "../../support/memory-claim-store.ts";
import { createMemoryEventBus, type MemoryEventBus } from "../../support/memory-event-bus.ts";
import { createMemoryTransactionStore, type MemoryTransactionStore } from "../../support/memory-transaction-store.ts";
import { aDelivery, aPaymentEvent, aWebhookMessage, withoutAmount } from "../../support/payment-events.ts";
import { tierOf } from "../../support/routing.ts";

const leaseSeconds = 30;
const dayMs = 24 * 60 * 60 * 1000;

let claims: MemoryClaimStore;
let transactions: MemoryTransactionStore;
let bus: MemoryEventBus;
let nowMs: number;
let tokens: number;

beforeEach(() => {
  claims = createMemoryClaimStore();
  transactions = createMemoryTransactionStore();
  bus = createMemoryEventBus();
  nowMs = Date.UTC(2026, 10, 20, 10);
  tokens = 0;
});

interface Ports {
  readonly claims: ClaimStore;
  readonly transactions: TransactionStore;
  readonly bus: EventBus;
}

/** Deduplicates a batch whose messages are named m0, m1 …; ports may be replaced. */
async function deduplicate(messages: readonly WebhookMessage[], ports: Partial<Ports> = {}, traceHeader?: string) {
  const worker = createDeduplication(
    {
      claims,
      transactions,
      bus,
      now: () => nowMs,
      newToken: () => {
        tokens += 1;
        return `token-${tokens}`;
      },
      sleep: async () => {},
      random: () => 0.5,
      tierOf,
      ...ports,
    },
    leaseSeconds,
  );
  const deliveries = messages.map((message, index) => aDelivery(message, `m${index}`));
  return worker(deliveries.map((delivery) => (traceHeader === undefined ? delivery : { ...delivery, traceHeader })));
}

/** The outcome of a batch of one. */
async function outcomeOf(message: WebhookMessage, ports: Partial<Ports> = {}) {
  return (await deduplicate([message], ports)).get("m0");
}

function aNumberedMessage(number: number, event: Partial<PaymentEvent> = {}): WebhookMessage {
  return aWebhookMessage({ eventId: `stripe:evt_${number}`, transactionId: `stripe:pi_${number}`, ...event });
}

const publishedIds = () => bus.events().map(({ eventId }) => eventId);
const processed = { kind: "done", outcome: "processed" };

describe("an event id that is used again", () => {
  const genuine = () => aNumberedMessage(1, { amountMinor: "2500000", objectVersion: "v1" });
  const other = () => aNumberedMessage(1, { amountMinor: "100", objectVersion: "v2" });
  const reused = { kind: "reject", reason: "event-id-reused" };

  it("rule 9: is a duplicate when it says the same, at another time", async () => {
    await outcomeOf(genuine());
    const again = aNumberedMessage(1, { ...genuine().event, receivedAt: "2026-11-20T11:00:00.000Z" });
    expect(await outcomeOf(again)).toEqual({ kind: "done", outcome: "duplicate" });
  });

  it("rule 15: for something else goes to the dead letters with its reason, and never passes for a duplicate", async () => {
    await outcomeOf(other());
    expect(await outcomeOf(genuine())).toMatchObject(reused);
    expect(transactions.facts()).toHaveLength(1);
  });

  it("rule 15: for something else is refused after a failed first attempt too, which can still be finished", async () => {
    const broken = { ...bus, put: () => Promise.reject(new RetryableError("down", "down")) } as unknown as EventBus;
    await outcomeOf(other(), { bus: broken });
    expect(await outcomeOf(genuine())).toMatchObject(reused);
    expect(await outcomeOf(other())).toEqual(processed);
  });

  it("rule 16: for something else within one batch is looked at again, and then refused", async () => {
    const outcomes = await deduplicate([other(), genuine(), other()]);
    expect([...outcomes.values()].map(({ kind }) => kind).sort()).toEqual(["done", "done", "retry"]);
    expect(outcomes.get("m1")).toMatchObject({ kind: "retry" });
    expect(await outcomeOf(genuine())).toMatchObject(reused);
  });
});

describe("an event that is new", () => {
  it("is claimed, recorded with its raw webhook, put on the bus and completed", async () => {
    const message = aWebhookMessage({ routingAmountUsd: 2_500 });
    expect(await outcomeOf(message)).toEqual(processed);
    expect(transactions.facts()).toMatchObject([{ event: message.event, source: "webhook", tier: "medium" }]);
    expect(transactions.raws()).toMatchObject([{ eventId: "stripe:evt_1", raw: message.raw }]);
    expect(bus.published).toEqual([{ detailType: "payment.succeeded", detail: JSON.stringify(message.event) }]);
    expect(claims.records.get("stripe:evt_1")).toMatchObject({
      status: "COMPLETED",
      result: "routed as medium",
      retryCount: 0,
      source: "webhook",
      signature: "t=1,v1=aa",
    });
  });

  it("is never completed before its effects are durable", async () => {
    const failing = { ...transactions, recordRaw: () => Promise.reject(new RetryableError("throttled", "later")) };
    expect(await outcomeOf(aWebhookMessage(), { transactions: failing })).toMatchObject({ kind: "retry" });
    expect(bus.published).toEqual([]);
    expect(claims.records.get("stripe:evt_1")).toMatchObject({ status: "FAILED", error: "throttled: later" });
  });

  it("without money in it is recorded and completed, not routed", async () => {
    const message = aWebhookMessage({}, { event: withoutAmount(aPaymentEvent({ type: "account.updated" })) });
    expect(await outcomeOf(message)).toEqual({ kind: "done", outcome: "unrouted" });
    expect(transactions.facts()).toMatchObject([{ tier: "unrouted" }]);
    expect(bus.calls).toHaveLength(0);
    expect(claims.records.get("stripe:evt_1")).toMatchObject({ status: "COMPLETED" });
  });

  it("with money of which no amount is known goes onto the bus, where it is unroutable", async () => {
    const message = aWebhookMessage({}, { event: withoutAmount(aPaymentEvent()) });
    expect(await outcomeOf(message)).toEqual(processed);
    expect(transactions.facts()).toMatchObject([{ tier: "unroutable" }]);
    expect(publishedIds()).toEqual(["stripe:evt_1"]);
  });

  it.each(["reconciliation", "replay"] as const)(
    "rule 17: is deduplicated the same way when it re-enters by %s, without a signature",
    async (source) => {
      await outcomeOf(aWebhookMessage({}, { source }));
      expect(claims.records.get("stripe:evt_1")).toMatchObject({ status: "COMPLETED", source });
      expect(claims.records.get("stripe:evt_1")?.signature).toBeUndefined();
      expect(await outcomeOf(aWebhookMessage())).toEqual({ kind: "done", outcome: "duplicate" });
      expect(publishedIds()).toHaveLength(1);
    },
  );
});

describe("an event that is known", () => {
  it("is a duplicate once it has completed", async () => {
    await outcomeOf(aWebhookMessage());
    expect(await outcomeOf(aWebhookMessage())).toEqual({ kind: "done", outcome: "duplicate" });
    expect(publishedIds()).toHaveLength(1);
    expect(transactions.facts()).toHaveLength(1);
  });

  it("rule 9: is a duplicate until the 35 days are over, by the record and not by TTL", async () => {
    await outcomeOf(aWebhookMessage());
    nowMs += 35 * dayMs - 1;
    expect(await outcomeOf(aWebhookMessage())).toMatchObject({ outcome: "duplicate" });
    nowMs += 1;
    expect(await outcomeOf(aWebhookMessage())).toEqual(processed);
    expect(transactions.facts()).toHaveLength(1);
  });

  it("rule 8: waits while another worker's lease lives, and is taken over when it has ended", async () => {
    const dying = { ...transactions, recordFact: () => new Promise<never>(() => {}) };
    void deduplicate([aWebhookMessage()], { transactions: dying });
    expect(await outcomeOf(aWebhookMessage())).toEqual({ kind: "retry", outcome: "busy" });
    nowMs += leaseSeconds * 1000;
    expect(await outcomeOf(aWebhookMessage())).toEqual(processed);
    expect(claims.records.get("stripe:evt_1")).toMatchObject({ status: "COMPLETED", retryCount: 1 });
  });

  it("rule 8: isn't completed by a worker that lost its lease, which reports the record as failed", async () => {
    const slowBus: EventBus = {
      async put(entries) {
        // While this worker hangs here, its lease ends and another one takes the event over.
        nowMs += leaseSeconds * 1000;
        await claims.claim({ key: "stripe:evt_1", lockToken: "another", nowMs, leaseSeconds });
        return bus.put(entries);
      },
    };
    expect(await outcomeOf(aWebhookMessage(), { bus: slowBus })).toEqual({ kind: "retry", outcome: "lost-lease" });
    expect(claims.records.get("stripe:evt_1")).toMatchObject({ status: "PROCESSING", lockToken: "another" });
  });

  it("rule 18: keeps the partition of its first receipt when a later delivery is the one that records it", async () => {
    const failing = { ...transactions, recordFact: () => Promise.reject(new RetryableError("throttled", "later")) };
    await outcomeOf(aWebhookMessage({ receivedAt: "2026-11-20T09:59:59.000Z" }), { transactions: failing });
    const later = { receivedAt: "2026-11-20T10:30:00.000Z", occurredAt: "2026-11-20T10:30:00.000Z" };
    expect(await outcomeOf(aWebhookMessage(later))).toEqual(processed);
    expect(transactions.facts()).toHaveLength(1);
    expect(transactions.facts()[0]?.archivePartition).toMatch(/^2026-11-20T09#/);
    expect(transactions.facts()[0]?.event.occurredAt).toBe("2026-11-20T10:00:00.000Z");
    expect(bus.events()[0]).toMatchObject({ receivedAt: "2026-11-20T09:59:59.000Z" });
  });
});

describe("one fact under two event ids", () => {
  const first = aNumberedMessage(1, { transactionId: "stripe:pi_1", objectVersion: "v1" });
  const second = aNumberedMessage(2, { transactionId: "stripe:pi_1", objectVersion: "v1" });

  it("rule 5: is recorded twice, and routed once", async () => {
    await outcomeOf(first);
    expect(await outcomeOf(second)).toEqual({ kind: "done", outcome: "same-fact" });
    expect(transactions.facts().map(({ sameFactAs }) => sameFactAs)).toEqual([undefined, "stripe:evt_1"]);
    expect(transactions.raws()).toHaveLength(2);
    expect(publishedIds()).toEqual(["stripe:evt_1"]);
    expect(claims.records.get("stripe:evt_2")).toMatchObject({
      status: "SKIPPED",
      result: "same fact as stripe:evt_1",
    });
    expect(await outcomeOf(second)).toEqual({ kind: "done", outcome: "duplicate" });
  });

  it("rule 5: is settled within one batch", async () => {
    const outcomes = await deduplicate([first, second]);
    expect([...outcomes.values()].map(({ kind }) => kind)).toEqual(["done", "done"]);
    expect(publishedIds()).toHaveLength(1);
    expect(transactions.facts()).toHaveLength(2);
  });

  it.each(["PROCESSING", "FAILED"] as const)(
    "rule 5: waits, whatever the other one's claim says, while it is %s",
    async (status) => {
      await claims.claim({ key: "stripe:evt_1", lockToken: "another", nowMs, leaseSeconds });
      await transactions.recordVersion({ ...first.event, objectVersion: "v1" });
      if (status === "FAILED") await claims.fail({ key: "stripe:evt_1", lockToken: "another", error: "broken", nowMs });
      nowMs += 10 * leaseSeconds * 1000;
      expect(await outcomeOf(second)).toMatchObject({ kind: "retry", outcome: "same-fact-unfinished" });
      expect(publishedIds()).toEqual([]);
      expect(transactions.facts()).toEqual([]);
      // The first one's own message comes again; then the second has something to be the same as.
      expect(await outcomeOf(first)).toEqual(processed);
      expect(await outcomeOf(second)).toEqual({ kind: "done", outcome: "same-fact" });
      expect(publishedIds()).toEqual(["stripe:evt_1"]);
    },
  );

  it("rule 5: is settled although TTL has deleted the record of the first", async () => {
    await outcomeOf(first);
    claims.delete("stripe:evt_1");
    expect(await outcomeOf(second)).toEqual({ kind: "done", outcome: "same-fact" });
  });

  it("rule 5: is not assumed of another version, type or transaction, such as a second partial refund", async () => {
    const others: readonly Partial<PaymentEvent>[] = [
      { objectVersion: "v2" },
      { objectVersion: "v1", type: "refund.created", providerType: "charge.refunded" },
      { objectVersion: "v1", transactionId: "stripe:pi_2" },
    ];
    await outcomeOf(first);
    for (const [index, other] of others.entries()) {
      const message = aNumberedMessage(10 + index, { transactionId: "stripe:pi_1", ...other });
      expect(await outcomeOf(message)).toEqual(processed);
    }
    expect(publishedIds()).toHaveLength(4);
  });

  it("rule 5: is not assumed of two words of the provider that are one type to us", async () => {
    const dispute = { transactionId: "standard-webhooks:d_1", type: "dispute.closed", objectVersion: "v1" } as const;
    await deduplicate([
      aNumberedMessage(1, { ...dispute, providerType: "dispute.won" }),
      aNumberedMessage(2, { ...dispute, providerType: "dispute.lost" }),
    ]);
    expect(publishedIds()).toEqual(["stripe:evt_1", "stripe:evt_2"]);
    expect(transactions.facts().map(({ sameFactAs }) => sameFactAs)).toEqual([undefined, undefined]);
  });

  it("rule 5: is not assumed where the provider has no version of its objects", async () => {
    await deduplicate([
      aNumberedMessage(1, { transactionId: "stripe:pi_1" }),
      aNumberedMessage(2, { transactionId: "stripe:pi_1" }),
    ]);
    expect(publishedIds()).toEqual(["stripe:evt_1", "stripe:evt_2"]);
  });
});

describe("a batch", () => {
  const messages = Array.from({ length: 12 }, (_, index) => aNumberedMessage(index));

  it("goes onto the bus together", async () => {
    const outcomes = await deduplicate(messages);
    expect([...outcomes.values()]).toEqual(messages.map(() => processed));
    expect(bus.calls.map(({ length }) => length)).toEqual([10, 2]);
  });

  it("rule 16: is not failed by a record that fails", async () => {
    const failing: TransactionStore = {
      ...transactions,
      async recordFact(fact) {
        if (fact.event.eventId === "stripe:evt_3") throw new RetryableError("throttled", "later");
        if (fact.event.eventId === "stripe:evt_4") throw new PermanentError("ValidationException", "too large");
        if (fact.event.eventId === "stripe:evt_5") throw new TypeError("a bug");
        await transactions.recordFact(fact);
      },
    };
    const outcomes = await deduplicate(messages, { transactions: failing });
    expect(outcomes.get("m3")).toMatchObject({ kind: "retry", outcome: "throttled" });
    expect(outcomes.get("m4")).toMatchObject({ kind: "reject", reason: "ValidationException" });
    expect(outcomes.get("m5")).toMatchObject({ kind: "retry", outcome: "unexpected-error" });
    expect([...outcomes.values()].filter(({ kind }) => kind === "done")).toHaveLength(9);
    expect(publishedIds()).toHaveLength(9);
  });

  it("rule 15: marks an event that can never succeed as failed, with the error", async () => {
    const failing = { ...transactions, recordFact: () => Promise.reject(new PermanentError("TooLarge", "words")) };
    expect(await outcomeOf(aWebhookMessage(), { transactions: failing })).toMatchObject({ kind: "reject" });
    expect(claims.records.get("stripe:evt_1")).toMatchObject({ status: "FAILED", error: "TooLarge: words" });
  });

  it("rule 19: notes of an error that isn't ours only its name, since its text may quote the payload", async () => {
    const failing = { ...transactions, recordFact: () => Promise.reject(new TypeError("4242 4242 4242 4242")) };
    await outcomeOf(aWebhookMessage(), { transactions: failing });
    expect(claims.records.get("stripe:evt_1")).toMatchObject({ status: "FAILED", error: "TypeError" });
  });

  it("rule 13: fails just the records whose entries the bus refused to the end, and completes the others", async () => {
    bus = createMemoryEventBus(({ detail }) =>
      detail.includes("evt_7") ? { code: "ThrottlingException", isPermanent: false } : undefined,
    );
    const outcomes = await deduplicate(messages);
    expect(outcomes.get("m7")).toMatchObject({ kind: "retry", outcome: "ThrottlingException" });
    expect(claims.records.get("stripe:evt_7")).toMatchObject({ status: "FAILED" });
    expect([...outcomes.values()].filter(({ kind }) => kind === "done")).toHaveLength(11);
    expect(
      bus.calls
        .slice(2)
        .flat()
        .every(({ detail }) => detail.includes("evt_7")),
    ).toBe(true);
  });

  it("rule 16: takes an event that is in it three times once, as one claim", async () => {
    const outcomes = await deduplicate([aWebhookMessage(), aWebhookMessage(), aNumberedMessage(2), aWebhookMessage()]);
    expect([...outcomes.entries()].sort()).toEqual([
      ["m0", processed],
      ["m1", { kind: "done", outcome: "duplicate" }],
      ["m2", processed],
      ["m3", { kind: "done", outcome: "duplicate" }],
    ]);
    expect(publishedIds()).toEqual(["stripe:evt_1", "stripe:evt_2"]);
  });

  it("rule 16: doesn't call a repeat a duplicate while the first of them isn't done", async () => {
    const failing = { ...transactions, recordFact: () => Promise.reject(new RetryableError("throttled", "later")) };
    const outcomes = await deduplicate([aWebhookMessage(), aWebhookMessage()], { transactions: failing });
    expect(outcomes.get("m1")).toEqual({ kind: "retry", outcome: "busy" });
  });

  it("retries when the claim itself can't be asked for, and when it can't be given back", async () => {
    const broken: ClaimStore = { ...claims, claim: () => Promise.reject(new RetryableError("throttled", "later")) };
    expect(await outcomeOf(aWebhookMessage(), { claims: broken })).toMatchObject({
      kind: "retry",
      outcome: "throttled",
    });
    const unable: ClaimStore = {
      ...claims,
      complete: () => Promise.reject(new RetryableError("complete-failed", "later")),
      fail: () => Promise.reject(new RetryableError("fail-failed", "later")),
    };
    expect(await outcomeOf(aWebhookMessage(), { claims: unable })).toMatchObject({ outcome: "complete-failed" });
  });
});

describe("the trace", () => {
  const root = "Root=1-5759e988-bd862e3fe1be46a994272793";

  it("rule 19: goes on from the message, sampled by force in the high tier alone", async () => {
    const high = aNumberedMessage(1, { routingAmountUsd: 10_000.01 });
    const medium = aNumberedMessage(2, { routingAmountUsd: 10_000 });
    await deduplicate([high, medium], {}, `${root};Sampled=0`);
    expect(bus.published.map(({ traceHeader }) => traceHeader)).toEqual([`${root};Sampled=1`, `${root};Sampled=0`]);
  });
});
