import { scorecard } from "../../../config/scorecard.ts";
import { createDeciding } from "../../../lambdas/fraud-detector/decide-event.ts";
import { createScoring } from "../../../lambdas/fraud-detector/score-event.ts";
import type { DecisionEntry } from "../../../lambdas/shared/domain/ledger.ts";
import { countedCalls } from "../../support/counted-calls.ts";
import { createMemoryFraudCounterStore } from "../../support/memory-fraud-counter-store.ts";
import { createMemoryTransactionStore } from "../../support/memory-transaction-store.ts";
import { aPaymentEvent } from "../../support/payment-events.ts";
import { tierOf } from "../../support/routing.ts";
import { aWorkerLife, type Fault, type WorkerLife } from "../../support/worker-life.ts";

const nowMs = Date.UTC(2026, 10, 20, 11);
const event = aPaymentEvent({ customerId: "cus_1" });

const earlier: DecisionEntry = {
  transactionId: event.transactionId,
  occurredAt: event.occurredAt,
  tier: "low",
  score: { eventId: event.eventId, score: 0.6, decision: "REVIEW", reasons: [], modelVersion: "earlier" },
  decision: "REVIEW",
  decidedAt: "2026-10-01T00:00:00.000Z",
  decidedBy: "somebody",
};

/** A worker of the low tier, and of the state machines, over stores that others share. */
function aWorld() {
  const transactions = createMemoryTransactionStore();
  const counters = createMemoryFraudCounterStore(transactions);
  const { calls, counted } = countedCalls();
  const clock = { now: () => nowMs, sleep: async () => {}, random: () => 0.5, tierOf };
  const ports = { counters: counted(counters), transactions: counted(transactions), ...clock };
  return {
    transactions,
    calls,
    decideEvent: createDeciding(ports, scorecard),
    decideEventIn: (life: WorkerLife) => {
      const stores = { counters: life.endangered(counters), transactions: life.endangered(transactions) };
      return createDeciding({ ...stores, ...clock }, scorecard);
    },
    scoreEvent: createScoring({ counters, ...clock }, scorecard),
    payments: () => counters.histories.get("customer#stripe#cus_1")?.history.payments ?? 0,
    scoreOf: (eventId: string) => counters.scores.get(eventId),
  };
}

describe("deciding an event", () => {
  it("writes score and decision at once where there is neither", async () => {
    const { decideEvent, transactions, calls, payments, scoreOf } = aWorld();
    expect(await decideEvent(event)).toBe("APPROVE");
    expect(calls).toEqual({ read: 1, commit: 1 });
    expect(transactions.decisions().map(({ score }) => score)).toEqual([scoreOf(event.eventId)]);
    expect(payments()).toBe(1);
  });

  it("rule 14: records the decision of a score that a state machine was given", async () => {
    const { decideEvent, scoreEvent, transactions, calls, payments } = aWorld();
    const score = await scoreEvent(event);
    expect(await decideEvent(event)).toBe(score.decision);
    expect(calls).toEqual({ read: 1, recordDecision: 1 });
    expect(transactions.decisions()).toMatchObject([{ score, decidedBy: "fraud-detector" }]);
    expect(payments()).toBe(1);
  });

  it("rule 14: changes nothing where there are both", async () => {
    const { decideEvent, transactions, payments } = aWorld();
    await decideEvent(event);
    const before = transactions.decisions();
    expect(await decideEvent(event)).toBe("APPROVE");
    expect(transactions.decisions()).toEqual(before);
    expect(payments()).toBe(1);
  });

  it("rule 9: neither counts nor decides again an event whose score is forgotten", async () => {
    const { decideEvent, transactions, calls, payments } = aWorld();
    await transactions.recordDecision(earlier);
    expect(await decideEvent(event)).toBe("decided-before");
    expect(calls).toEqual({ read: 1, commit: 1 });
    expect(transactions.decisions()).toEqual([earlier]);
    expect(payments()).toBe(0);
  });

  it("rule 14: ends in one decision and one count when it runs several times at once, beside a state machine", async () => {
    const { decideEvent, scoreEvent, transactions, payments, scoreOf } = aWorld();
    const runs = [decideEvent(event), scoreEvent(event), decideEvent(event), scoreEvent(event)];
    const [, score] = await Promise.all(runs);
    expect(score).toEqual(scoreOf(event.eventId));
    expect(transactions.decisions().map((decision) => decision.score)).toEqual([score]);
    expect(payments()).toBe(1);
  });

  it.each<Fault>(["refused", "answer-lost", "dies-before", "dies-after"])(
    "rule 14: ends in one decision and one count when a call fails (%s), whichever it is, scored before or not",
    async (fault) => {
      for (const isScoredBefore of [false, true]) {
        for (const failingCall of [1, 2]) {
          const { decideEventIn, decideEvent, scoreEvent, transactions, payments, scoreOf } = aWorld();
          if (isScoredBefore) await scoreEvent(event);
          let calls = 0;
          const life = aWorkerLife(() => {
            calls += 1;
            return calls === failingCall ? fault : "none";
          });
          await life.run(() => decideEventIn(life)(event)).catch(() => "failed");
          // Never a count without its decision, unless the score was given to somebody else.
          if (!isScoredBefore) expect(transactions.decisions()).toHaveLength(payments());
          expect(await decideEvent(event)).toBe("APPROVE");
          expect(transactions.decisions().map(({ score }) => score)).toEqual([scoreOf(event.eventId)]);
          expect(payments()).toBe(1);
        }
      }
    },
  );
});
