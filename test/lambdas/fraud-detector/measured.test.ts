import type { FraudScore, PaymentEvent } from "../../../config/events.ts";
import { scorecard } from "../../../config/scorecard.ts";
import { createBatchDecision } from "../../../lambdas/fraud-detector/decide-batch.ts";
import { measured } from "../../../lambdas/fraud-detector/measured.ts";
import { createScoring } from "../../../lambdas/fraud-detector/score-event.ts";
import type { FraudCounterStore } from "../../../lambdas/shared/domain/fraud-counters.ts";
import { createMemoryFraudCounterStore } from "../../support/memory-fraud-counter-store.ts";
import { createMemoryTransactionStore } from "../../support/memory-transaction-store.ts";
import { aDelivery, aPaymentEvent } from "../../support/payment-events.ts";
import { tierOf } from "../../support/routing.ts";

const event = aPaymentEvent({ receivedAt: "2026-11-20T10:00:00.000Z" });
const receivedMs = Date.parse(event.receivedAt);
const score = { eventId: event.eventId, score: 0.1, decision: "REVIEW", reasons: [], modelVersion: "1" } as const;
const dayMs = 24 * 60 * 60 * 1_000;

describe("a scored event's metrics", () => {
  it("say the decision, the tier and the time since its receipt", () => {
    expect(measured([{ event, score, atMs: receivedMs + 250 }], tierOf)).toEqual([
      { name: "decision", value: 1, by: { outcome: "REVIEW", tier: "low", provider: "stripe" } },
      { name: "endToEndMs", value: 250, by: { tier: "low" } },
    ]);
  });

  it("take no time from an event out of the archive, and none below zero", () => {
    const old = measured([{ event, score, atMs: receivedMs + 36 * dayMs }], tierOf);
    expect(old.map(({ name }) => name)).toEqual(["decision"]);
    expect(measured([{ event, score, atMs: receivedMs - 1 }], tierOf)).toContainEqual({
      name: "endToEndMs",
      value: 0,
      by: { tier: "low" },
    });
  });
});

describe("an event that is scored", () => {
  function aDetector(change: (counters: FraudCounterStore) => FraudCounterStore = (counters) => counters) {
    const transactions = createMemoryTransactionStore();
    const scored: { readonly event: PaymentEvent; readonly score: FraudScore }[] = [];
    const ports = {
      counters: change(createMemoryFraudCounterStore(transactions)),
      transactions,
      now: () => receivedMs,
      sleep: async () => {},
      random: () => 0.5,
      tierOf,
      onScored: (one: PaymentEvent, its: FraudScore) => void scored.push({ event: one, score: its }),
    };
    return {
      scored,
      scoreEvent: createScoring(ports, scorecard),
      decideBatch: createBatchDecision(ports, scorecard),
    };
  }

  it("is told of once, however often it is delivered", async () => {
    const { scored, decideBatch } = aDetector();
    const batch = [aDelivery(event, "m1"), aDelivery(event, "m2")];
    await decideBatch(batch);
    await decideBatch(batch);
    expect(scored).toMatchObject([{ event, score: { eventId: event.eventId, decision: "APPROVE" } }]);
  });

  it("is told of once, however often a state machine asks, and not again by the low tier", async () => {
    const { scored, scoreEvent, decideBatch } = aDetector();
    await scoreEvent(event);
    await scoreEvent(event);
    await decideBatch([aDelivery(event)]);
    expect(scored).toHaveLength(1);
  });

  it("is told of with the score that counts, when others changed its subjects meanwhile", async () => {
    let races = 2;
    const { scored, scoreEvent } = aDetector((counters) => ({
      ...counters,
      commit: async (commit) => {
        races -= 1;
        return races > 0 ? "changed" : counters.commit(commit);
      },
    }));
    const counted = await scoreEvent(event);
    expect(scored).toEqual([{ event, score: counted }]);
  });

  it("isn't told of when somebody else has decided on it", async () => {
    const { scored, decideBatch } = aDetector((counters) => ({ ...counters, commit: async () => "decided" }));
    await decideBatch([aDelivery(event)]);
    expect(scored).toEqual([]);
  });
});
