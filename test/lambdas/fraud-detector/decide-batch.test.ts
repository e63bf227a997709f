import type { FraudScore, PaymentEvent } from "../../../config/events.ts";
import { scorecard } from "../../../config/scorecard.ts";
import { createBatchDecision } from "../../../lambdas/fraud-detector/decide-batch.ts";
import { createScoring } from "../../../lambdas/fraud-detector/score-event.ts";
import { PermanentError, RetryableError } from "../../../lambdas/shared/domain/retryable-error.ts";
import { createMemoryFraudCounterStore } from "../../support/memory-fraud-counter-store.ts";
import { createMemoryTransactionStore } from "../../support/memory-transaction-store.ts";
import { aDelivery, aPaymentEvent } from "../../support/payment-events.ts";

const nowMs = Date.UTC(2026, 10, 20, 11);
const now = () => nowMs;

function aLowEvent(number: number, overrides: Partial<PaymentEvent> = {}): PaymentEvent {
  const ids = { eventId: `stripe:evt_${number}`, transactionId: `stripe:pi_${number}` };
  return aPaymentEvent({ ...ids, customerId: "cus_1", ...overrides });
}

function aBatch(events: readonly PaymentEvent[]) {
  return events.map((event, index) => aDelivery(event, `m${index}`));
}

function aDetector() {
  const [counters, transactions] = [createMemoryFraudCounterStore(), createMemoryTransactionStore()];
  const waits: number[] = [];
  const sleep = async (ms: number) => void waits.push(ms);
  const scoreEvent = createScoring({ counters, now, sleep, random: () => 0.5 }, scorecard);
  return {
    counters,
    transactions,
    scoreEvent,
    waits,
    decideBatch: createBatchDecision({ scoreEvent, transactions, now }),
  };
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
    await decideBatch(batch);
    await decideBatch(batch);
    expect(transactions.decisions()).toHaveLength(1);
    expect(counters.histories.get("customer#stripe#cus_1")?.history.payments).toBe(1);
  });

  it("doesn't race against itself for a common customer", async () => {
    const { decideBatch, counters, waits } = aDetector();
    await decideBatch(aBatch(Array.from({ length: 10 }, (_, index) => aLowEvent(index))));
    expect(counters.histories.get("customer#stripe#cus_1")?.history.payments).toBe(10);
    expect(waits).toEqual([]);
  });

  it("rule 16: isn't failed by one of its events", async () => {
    const { transactions, scoreEvent } = aDetector();
    const failing = async (event: PaymentEvent): Promise<FraudScore> => {
      if (event.eventId === "stripe:evt_1") throw new RetryableError("throttled", "later");
      if (event.eventId === "stripe:evt_2") throw new PermanentError("ValidationError", "never");
      return scoreEvent(event);
    };
    const decideBatch = createBatchDecision({ scoreEvent: failing, transactions, now });
    const outcomes = await decideBatch(aBatch([aLowEvent(0), aLowEvent(1), aLowEvent(2), aLowEvent(3)]));
    expect([...outcomes.values()].map(({ kind }) => kind)).toEqual(["done", "retry", "reject", "done"]);
    expect(transactions.decisions()).toHaveLength(2);
  });

  it("isn't done before the decision is recorded", async () => {
    const { scoreEvent } = aDetector();
    const recordDecision = () => Promise.reject(new RetryableError("throttled", "later"));
    const decideBatch = createBatchDecision({ scoreEvent, transactions: { recordDecision }, now });
    expect((await decideBatch(aBatch([aLowEvent(1)]))).get("m0")).toMatchObject({ kind: "retry" });
  });
});
