import { scorecard } from "../../../config/scorecard.ts";
import { createScoring } from "../../../lambdas/fraud-detector/score-event.ts";
import type { FraudCounterStore } from "../../../lambdas/shared/domain/fraud-counters.ts";
import { RetryableError } from "../../../lambdas/shared/domain/retryable-error.ts";
import { createMemoryFraudCounterStore } from "../../support/memory-fraud-counter-store.ts";
import { aPaymentEvent } from "../../support/payment-events.ts";
import { aWorkerLife, type Fault } from "../../support/worker-life.ts";

const nowMs = Date.UTC(2026, 10, 20, 11);
const event = aPaymentEvent({ customerId: "cus_1", signals: { cardFingerprint: "card_1" } });
const customerKey = "customer#stripe#cus_1";

function aScoring(counters: FraudCounterStore) {
  const waits: number[] = [];
  const sleep = async (ms: number) => void waits.push(ms);
  return { scoreEvent: createScoring({ counters, now: () => nowMs, sleep, random: () => 0.5 }, scorecard), waits };
}

const paymentsOf = (counters: ReturnType<typeof createMemoryFraudCounterStore>) =>
  [...counters.histories.values()].map(({ history }) => history.payments);

describe("scoring an event", () => {
  it("rule 14: counts it once and gives the same score again, however often it is asked", async () => {
    const counters = createMemoryFraudCounterStore();
    const { scoreEvent } = aScoring(counters);
    const first = await scoreEvent(event);
    expect(first.reasons.map(({ code }) => code)).toEqual(["new-customer"]);
    for (let again = 0; again < 3; again += 1) expect(await scoreEvent(event)).toEqual(first);
    expect(paymentsOf(counters)).toEqual([1, 1]);
  });

  it("rule 14: gives two executions at the same time one decision, from one count", async () => {
    const counters = createMemoryFraudCounterStore();
    const { scoreEvent } = aScoring(counters);
    const scores = await Promise.all([scoreEvent(event), scoreEvent(event), scoreEvent(event)]);
    expect(new Set(scores.map((score) => JSON.stringify(score))).size).toBe(1);
    expect(paymentsOf(counters)).toEqual([1, 1]);
  });

  it("compares each payment with exactly those that were counted before it", async () => {
    const counters = createMemoryFraudCounterStore();
    const { scoreEvent } = aScoring(counters);
    const payments = Array.from({ length: 8 }, (_, index) => ({ ...event, eventId: `stripe:evt_${index}` }));
    for (const payment of payments) await scoreEvent(payment);
    const velocity = counters.scores.get("stripe:evt_7")?.reasons.find(({ code }) => code === "customer-velocity-1h");
    expect(velocity?.detail).toMatch(/^8 payments/);
    expect(counters.scores.get("stripe:evt_4")?.reasons.map(({ code }) => code)).not.toContain("customer-velocity-1h");
  });

  it.each<Fault>(["refused", "answer-lost", "dies-before", "dies-after"])(
    "rule 14: counts it once when a call fails (%s), whichever it is",
    async (fault) => {
      for (const failingCall of [1, 2]) {
        const counters = createMemoryFraudCounterStore();
        let calls = 0;
        const life = aWorkerLife(() => {
          calls += 1;
          return calls === failingCall ? fault : "none";
        });
        await life.run(() => aScoring(life.endangered(counters)).scoreEvent(event)).catch(() => "failed");
        const score = await aScoring(counters).scoreEvent(event);
        expect(await aScoring(counters).scoreEvent(event)).toEqual(score);
        expect(paymentsOf(counters)).toEqual([1, 1]);
      }
    },
  );

  it("scores a refund without counting it", async () => {
    const counters = createMemoryFraudCounterStore();
    const { scoreEvent } = aScoring(counters);
    const refund = { ...event, type: "refund.created" } as const;
    expect(await scoreEvent(refund)).toMatchObject({ decision: "APPROVE" });
    expect([...counters.histories.keys()]).toEqual([]);
    expect([...counters.scores.keys()]).toEqual([event.eventId]);
  });

  it("scores an event without customer and card", async () => {
    const counters = createMemoryFraudCounterStore();
    expect(await aScoring(counters).scoreEvent(aPaymentEvent())).toMatchObject({ score: 0, decision: "APPROVE" });
    expect(counters.histories.size).toBe(0);
  });

  it("reads again and tries again, with growing waits, when another payment was counted in between", async () => {
    const counters = createMemoryFraudCounterStore();
    let races = 3;
    const contended: FraudCounterStore = {
      ...counters,
      async commit(commit) {
        if (races > 0) {
          races -= 1;
          await aScoring(counters).scoreEvent({ ...event, eventId: `stripe:evt_race_${races}` });
        }
        return counters.commit(commit);
      },
    };
    const { scoreEvent, waits } = aScoring(contended);
    await scoreEvent(event);
    expect(waits).toEqual([10, 20, 40]);
    expect(counters.histories.get(customerKey)?.history.payments).toBe(4);
  });

  it("gives up as retryable when it loses every race", async () => {
    const counters: FraudCounterStore = { ...createMemoryFraudCounterStore(), commit: async () => "changed" };
    const { scoreEvent, waits } = aScoring(counters);
    const error = await scoreEvent(event).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RetryableError);
    expect(error).toMatchObject({ code: "subject-contended", name: "RetryableError" });
    expect(waits).toHaveLength(7);
  });
});
