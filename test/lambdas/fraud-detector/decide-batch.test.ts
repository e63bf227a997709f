import type { PaymentEvent } from "../../../config/events.ts";
import { scorecard } from "../../../config/scorecard.ts";
import { createBatchDecision } from "../../../lambdas/fraud-detector/decide-batch.ts";
import type { FraudCounterStore, ScoreCommit } from "../../../lambdas/shared/domain/fraud-counters.ts";
import type { RecordOutcome } from "../../../lambdas/shared/domain/outcomes.ts";
import { PermanentError, RetryableError } from "../../../lambdas/shared/domain/retryable-error.ts";
import { countedCalls } from "../../support/counted-calls.ts";
import { createMemoryFraudCounterStore } from "../../support/memory-fraud-counter-store.ts";
import { createMemoryTransactionStore } from "../../support/memory-transaction-store.ts";
import { aDelivery, aPaymentEvent } from "../../support/payment-events.ts";
import { tierOf } from "../../support/routing.ts";

const nowMs = Date.UTC(2026, 10, 20, 11);
const customerKey = "customer#stripe#cus_1";

function aLowEvent(number: number, overrides: Partial<PaymentEvent> = {}): PaymentEvent {
  const ids = { eventId: `stripe:evt_${number}`, transactionId: `stripe:pi_${number}` };
  return aPaymentEvent({ ...ids, customerId: "cus_1", ...overrides });
}

function aBatch(events: readonly PaymentEvent[]) {
  return events.map((event, index) => aDelivery(event, `m${index}`));
}

const tenEvents = Array.from({ length: 10 }, (_, index) => aLowEvent(index));

/** `change` makes other counters of the ones in memory. */
function aDetector(change: (counters: FraudCounterStore) => FraudCounterStore = (counters) => counters) {
  const transactions = createMemoryTransactionStore();
  const counters = createMemoryFraudCounterStore(transactions);
  const { calls, counted } = countedCalls();
  const ports = {
    counters: counted(change(counters)),
    transactions: counted(transactions),
    now: () => nowMs,
    sleep: async () => {},
    random: () => 0.5,
    tierOf,
  };
  return { counters, transactions, calls, decideBatch: createBatchDecision(ports, scorecard) };
}

describe("the low tier's batch", () => {
  it("is scored and its decisions are recorded", async () => {
    const { decideBatch, transactions, counters } = aDetector();
    const risky = aLowEvent(2, { signals: { providerRiskScore: 95 } });
    const outcomes = await decideBatch(aBatch([aLowEvent(1), risky]));
    expect([...outcomes.values()]).toEqual([
      { kind: "done", outcome: "APPROVE" },
      { kind: "done", outcome: "BLOCK" },
    ]);
    expect(transactions.decisions()).toMatchObject([
      { transactionId: "stripe:pi_1", tier: "low", decision: "APPROVE", decidedBy: "fraud-detector" },
      {
        transactionId: "stripe:pi_2",
        occurredAt: risky.occurredAt,
        decision: "BLOCK",
        decidedAt: "2026-11-20T11:00:00.000Z",
        score: counters.scores.get("stripe:evt_2"),
      },
    ]);
  });

  it("rule 14: decides an event that comes again, even in one batch, once", async () => {
    const { decideBatch, transactions, counters } = aDetector();
    const batch = aBatch([aLowEvent(1), aLowEvent(1), aLowEvent(1)]);
    const outcomes = await decideBatch(batch);
    expect([...outcomes.keys()]).toEqual(["m0", "m1", "m2"]);
    expect(new Set([...outcomes.values()].map(({ kind }) => kind))).toEqual(new Set(["done"]));
    await decideBatch(batch);
    expect(transactions.decisions()).toHaveLength(1);
    expect(counters.histories.get(customerKey)?.history.payments).toBe(1);
  });

  it("compares each event with those of its subjects that came before it in the batch", async () => {
    const { decideBatch, counters } = aDetector();
    await decideBatch(aBatch(tenEvents));
    expect(counters.histories.get(customerKey)).toMatchObject({ version: 10, history: { payments: 10 } });
    const reasons = tenEvents.map(({ eventId }) => counters.scores.get(eventId)?.reasons.map(({ detail }) => detail));
    expect(reasons[0]).toContainEqual(expect.stringMatching(/^First known payment/));
    expect(reasons[9]).toContainEqual(expect.stringMatching(/^10 payments of this customer within 1h/));
  });

  it("compares an event that isn't a payment with nothing, and lets it wait for nobody", async () => {
    const { decideBatch, counters } = aDetector();
    await decideBatch(aBatch([aLowEvent(1), aLowEvent(2, { type: "refund.created" })]));
    expect(counters.histories.get(customerKey)?.history.payments).toBe(1);
    expect(counters.scores.get("stripe:evt_2")?.reasons).toEqual([]);
  });
});

describe("the calls for a batch", () => {
  it("are one read and a write for each event, which its decision is part of", async () => {
    const { decideBatch, calls } = aDetector();
    await decideBatch(aBatch(tenEvents.map((event, index) => ({ ...event, customerId: `cus_${index}` }))));
    expect(calls).toEqual({ read: 1, commit: 10 });
  });

  it("are as few for events of one customer, since those know what each has written", async () => {
    const { decideBatch, calls } = aDetector();
    await decideBatch(aBatch(tenEvents));
    expect(calls).toEqual({ read: 1, commit: 10 });
  });

  it("are the same where an event comes several times", async () => {
    const { decideBatch, calls } = aDetector();
    await decideBatch(aBatch([aLowEvent(1), aLowEvent(2), aLowEvent(1)]));
    expect(calls).toEqual({ read: 1, commit: 2 });
  });

  it("are one read, and a decision for each event, where all were scored before", async () => {
    const { decideBatch, calls } = aDetector();
    await decideBatch(aBatch(tenEvents));
    await decideBatch(aBatch(tenEvents));
    expect(calls).toEqual({ read: 2, commit: 10, recordDecision: 10 });
  });

  it("are another read and write for the event alone that somebody else was faster than", async () => {
    let races = 1;
    const { decideBatch, calls, counters, transactions } = aDetector((stored) => ({
      ...stored,
      async commit(commit) {
        if (commit.score.eventId === "stripe:evt_3" && races > 0) {
          races -= 1;
          const { decision: _, ...others } = commit;
          await stored.commit({ ...others, score: { ...commit.score, eventId: "stripe:evt_rival" } });
        }
        return stored.commit(commit);
      },
    }));
    await decideBatch(aBatch(tenEvents));
    expect(calls).toEqual({ read: 2, commit: 11 });
    expect(counters.histories.get(customerKey)?.history.payments).toBe(11);
    expect(transactions.decisions()).toHaveLength(10);
  });
});

describe("a fault in a batch", () => {
  const failing = (eventId: string, error: Error) => (counters: FraudCounterStore) => ({
    ...counters,
    commit: (commit: ScoreCommit) =>
      commit.score.eventId === eventId ? Promise.reject(error) : counters.commit(commit),
  });
  const kinds = (outcomes: ReadonlyMap<string, RecordOutcome>) => [...outcomes.values()].map(({ kind }) => kind);
  const [throttled, invalid] = [new RetryableError("throttled", "later"), new PermanentError("invalid", "never")];

  it.each([
    ["retry", throttled],
    ["reject", invalid],
  ])("rule 16: is the fault of one event only (%s)", async (kind, error) => {
    const { decideBatch, transactions, calls } = aDetector(failing("stripe:evt_1", error));
    const outcomes = await decideBatch(aBatch([aLowEvent(0), aLowEvent(1), aLowEvent(2), aLowEvent(1)]));
    expect(kinds(outcomes)).toEqual(["done", kind, "done", kind]);
    expect(transactions.decisions()).toHaveLength(2);
    // What became of the write isn't known, so the next event of the customer reads for itself.
    expect(calls).toEqual({ read: 2, commit: 3 });
  });

  it("rule 16: leaves each event to read for itself where a read of all is invalid", async () => {
    const { decideBatch, calls } = aDetector((counters) => ({
      ...counters,
      async read(keys, atMs) {
        if (keys.eventIds.includes("stripe:evt_1")) throw invalid;
        return counters.read(keys, atMs);
      },
    }));
    const outcomes = await decideBatch(aBatch([aLowEvent(0), aLowEvent(1), aLowEvent(2)]));
    expect(kinds(outcomes)).toEqual(["done", "reject", "done"]);
    expect(calls).toEqual({ read: 4, commit: 2 });
  });

  it("is thrown where nothing can be read now, so that all of them are delivered again", async () => {
    const { decideBatch } = aDetector((counters) => ({ ...counters, read: () => Promise.reject(throttled) }));
    await expect(decideBatch(aBatch(tenEvents))).rejects.toBe(throttled);
  });
});
