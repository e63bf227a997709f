import fc from "fast-check";
import type { PaymentEvent } from "../../../config/events.ts";
import { type Scorecard, scorecard } from "../../../config/scorecard.ts";
import { createBatchDecision } from "../../../lambdas/fraud-detector/decide-batch.ts";
import { createScoring } from "../../../lambdas/fraud-detector/score-event.ts";
import type { DecisionEntry } from "../../../lambdas/shared/domain/ledger.ts";
import { outcomeOfError, type RecordOutcome } from "../../../lambdas/shared/domain/outcomes.ts";
import { createMemoryFraudCounterStore } from "../../support/memory-fraud-counter-store.ts";
import { createMemoryTransactionStore } from "../../support/memory-transaction-store.ts";
import { aPaymentEvent } from "../../support/payment-events.ts";
import { drain, type World } from "../../support/queue-of-faults.ts";
import { tierOf } from "../../support/routing.ts";
import { seeded } from "../../support/seeded.ts";
import type { WorkerLife } from "../../support/worker-life.ts";

/** One reason alone, which says how many payments an event was compared with. */
const countingCard: Scorecard = {
  ...scorecard,
  velocity: [{ code: "counted", subject: "customer", window: "24h", steps: [{ from: 1, weight: 0.01 }] }],
  newCustomer: [],
  amountDeviation: { ...scorecard.amountDeviation, steps: [] },
  roundAmount: { ...scorecard.roundAmount, weight: 0 },
  justBelow: [],
};

/** Events of one customer with two cards. */
const events: readonly PaymentEvent[] = Array.from({ length: 8 }, (_, number) =>
  aPaymentEvent({
    eventId: `stripe:evt_${number}`,
    transactionId: `stripe:pi_${number % 3}`,
    customerId: "cus_1",
    signals: { cardFingerprint: `card_${number % 2}` },
  }),
);

/** The last two were decided before the dedup window: their scores and their places in the histories are forgotten. */
const forgotten = events.slice(6);

/** An event comes through the low tier's queue, or is scored by a state machine, which then records the decision. */
const deliveriesArbitrary = fc.array(
  fc.record({ event: fc.nat(events.length - 1), by: fc.constantFrom("low tier", "low tier", "state machine") }),
  { minLength: 1, maxLength: 24 },
);

function decisionOn(event: PaymentEvent, score: DecisionEntry["score"], decidedBy: string): DecisionEntry {
  const { transactionId, occurredAt } = event;
  const decidedAt = "2026-11-20T12:00:00.000Z";
  return { transactionId, occurredAt, tier: "low", score, decision: score.decision, decidedAt, decidedBy };
}

async function play(seed: number, choices: readonly { readonly event: number; readonly by: string }[]) {
  const world: World = { random: seeded(seed), nowMs: Date.UTC(2026, 10, 20, 11), longestCallMs: 1_000 };
  const transactions = createMemoryTransactionStore();
  const counters = createMemoryFraudCounterStore(transactions);
  for (const event of forgotten) {
    const score = { eventId: event.eventId, score: 0.9, decision: "BLOCK", reasons: [], modelVersion: "old" } as const;
    await transactions.recordDecision(decisionOn(event, score, "long ago"));
  }
  const deliveries = choices.flatMap(({ event: number, by }, index) => {
    const event = events[number];
    return event === undefined ? [] : [{ by, delivery: { messageId: `m${index}`, message: event } }];
  });
  const clock = { now: () => world.nowMs, sleep: async () => {}, random: world.random, tierOf };
  const of = (wanted: string) => deliveries.flatMap(({ by, delivery }) => (by === wanted ? [delivery] : []));

  const lowTier = (life: WorkerLife) => {
    const stores = { counters: life.endangered(counters), transactions: life.endangered(transactions) };
    return createBatchDecision({ ...stores, ...clock }, countingCard);
  };
  const stateMachines = (life: WorkerLife) => {
    const scoreEvent = createScoring({ counters: life.endangered(counters), ...clock }, countingCard);
    const ledger = life.endangered(transactions);
    const run = async (event: PaymentEvent): Promise<RecordOutcome> => {
      try {
        await ledger.recordDecision(decisionOn(event, await scoreEvent(event), "fraud-detector"));
        return { kind: "done", outcome: "decided" };
      } catch (error) {
        return outcomeOfError(error);
      }
    };
    return async (batch: readonly { readonly messageId: string; readonly message: PaymentEvent }[]) =>
      new Map(await Promise.all(batch.map(async ({ messageId, message }) => [messageId, await run(message)] as const)));
  };
  // A state machine that scores what was forgotten counts it again: it has no decision to be stopped by.
  const scored = of("state machine").filter(({ message }) => !forgotten.includes(message));
  await Promise.all([drain(world, of("low tier"), lowTier), drain(world, scored, stateMachines)]);
  const delivered = new Set([...of("low tier"), ...scored].map(({ message }) => message));
  return { counters, transactions, delivered };
}

const worlds = fc.asyncProperty(fc.nat(), deliveriesArbitrary, async (seed, choices) => {
  const { counters, transactions, delivered } = await play(seed, choices);
  const counted = events.filter((event) => delivered.has(event) && !forgotten.includes(event));
  const decisions = transactions.decisions();

  // One score for each event that was not forgotten, one decision for each event, and they agree.
  expect([...counters.scores.keys()].sort()).toEqual(counted.map(({ eventId }) => eventId));
  expect(decisions).toHaveLength(counted.length + forgotten.length);
  for (const { eventId } of counted) {
    expect(decisions.find(({ score }) => score.eventId === eventId)?.score).toEqual(counters.scores.get(eventId));
  }
  expect(decisions.filter(({ decidedBy }) => decidedBy === "long ago")).toHaveLength(forgotten.length);
  // One count for each in all of its histories, and each compared with exactly those that were counted before it.
  const payments = (key: string) => counters.histories.get(key)?.history.payments ?? 0;
  expect(payments("customer#stripe#cus_1")).toBe(counted.length);
  expect(payments("card#stripe#card_0") + payments("card#stripe#card_1")).toBe(counted.length);
  const places = [...counters.scores.values()].map(({ reasons }) => Number.parseInt(reasons[0]?.detail ?? "", 10));
  expect(places.sort((a, b) => a - b)).toEqual(counted.map((_, index) => index + 1));
});

describe("events that are decided at any time, by anyone, in any state of health", () => {
  it("rule 14: crashes, lost answers, races and repeats end in one count and one decision", async () => {
    await fc.assert(worlds, { numRuns: 300 });
  });
});
