import { randomUUID } from "node:crypto";
import fc from "fast-check";
import type { PaymentEvent, ReplayNote, WebhookMessage } from "../../../config/events.ts";
import { scorecard } from "../../../config/scorecard.ts";
import { createBatchDecision } from "../../../lambdas/fraud-detector/decide-batch.ts";
import { contentOf } from "../../../lambdas/webhook-dedup/content.ts";
import { createDeduplication } from "../../../lambdas/webhook-dedup/deduplicate.ts";
import { createMemoryClaimStore } from "../../support/memory-claim-store.ts";
import { createMemoryEventBus } from "../../support/memory-event-bus.ts";
import { createMemoryFraudCounterStore } from "../../support/memory-fraud-counter-store.ts";
import { createMemoryTransactionStore } from "../../support/memory-transaction-store.ts";
import { aDelivery, aPaymentEvent, aWebhookMessage, withoutAmount } from "../../support/payment-events.ts";
import { drain, type World } from "../../support/queue-of-faults.ts";
import { tierOf } from "../../support/routing.ts";
import { seeded } from "../../support/seeded.ts";

const leaseSeconds = 30;
const dayMs = 24 * 60 * 60 * 1000;
const note: ReplayNote = { by: "ada", why: "the bus had lost it", at: "2026-11-20T12:00:00.000Z" };

function aWorld() {
  const world = { nowMs: Date.UTC(2026, 10, 20, 10) };
  const [claims, transactions, bus] = [
    createMemoryClaimStore(),
    createMemoryTransactionStore(),
    createMemoryEventBus(),
  ];
  const ports = { claims, transactions, bus, tierOf, now: () => world.nowMs };
  const timing = { newToken: randomUUID, sleep: async () => {}, random: () => 0.5 };
  const deduplicate = createDeduplication({ ...ports, ...timing }, leaseSeconds);
  /** Outcomes of a batch, in the messages' order. */
  async function take(...messages: readonly WebhookMessage[]): Promise<readonly string[]> {
    const outcomes = await deduplicate(messages.map((message, index) => aDelivery(message, `m${index}`)));
    return messages.map((_, index) => {
      const outcome = outcomes.get(`m${index}`);
      return outcome?.kind === "reject" ? outcome.reason : (outcome?.outcome ?? "none");
    });
  }
  return { world, claims, transactions, bus, take };
}

function aReplay(replay: Partial<ReplayNote> = {}, event: Partial<PaymentEvent> = {}): WebhookMessage {
  return aWebhookMessage(event, { source: "replay", replay: { ...note, ...replay } });
}

describe("a replay", () => {
  it("of a completed event does nothing without force", async () => {
    const { take, bus, claims } = aWorld();
    await take(aWebhookMessage());
    expect(await take(aReplay())).toEqual(["duplicate"]);
    expect(bus.published).toHaveLength(1);
    expect(claims.records.get("stripe:evt_1")?.replays).toBeUndefined();
  });

  it("by force puts a completed event on the bus again, notes who and why, and records nothing anew", async () => {
    const { take, bus, claims, transactions } = aWorld();
    await take(aWebhookMessage());
    const before = claims.records.get("stripe:evt_1");
    const late = { occurredAt: "2026-11-20T11:00:00.000Z", receivedAt: "2026-11-20T11:00:00.000Z" };
    expect(await take(aReplay({ force: true }, late))).toEqual(["replayed"]);
    // With the times of the first delivery: a decision under other times would be a second one.
    expect(bus.events()).toEqual([aPaymentEvent(), aPaymentEvent()]);
    expect(transactions.facts()).toHaveLength(1);
    const replays = ['{"at":"2026-11-20T12:00:00.000Z","by":"ada","why":"the bus had lost it"}'];
    expect(claims.records.get("stripe:evt_1")).toEqual({ ...before, replays });
  });

  it("by force leaves a fact alone that repeats another one", async () => {
    const { take, bus } = aWorld();
    const version = { objectVersion: "v1" };
    await take(aWebhookMessage(version));
    expect(await take(aWebhookMessage({ ...version, eventId: "stripe:evt_2" }))).toEqual(["same-fact"]);
    expect(await take(aReplay({ force: true }, { ...version, eventId: "stripe:evt_2" }))).toEqual(["duplicate"]);
    expect(bus.published).toHaveLength(1);
  });

  it("by force leaves an event alone that has no money in it", async () => {
    const { take, bus } = aWorld();
    const message = (replay?: ReplayNote) => ({
      ...aWebhookMessage(),
      event: withoutAmount(aPaymentEvent({ type: "account.updated" })),
      ...(replay && { replay }),
    });
    await take(message());
    expect(await take(message({ ...note, force: true }))).toEqual(["duplicate"]);
    expect(bus.published).toEqual([]);
  });

  it("rule 15: by force of an event that says something else is dead-lettered", async () => {
    const { take, bus } = aWorld();
    await take(aWebhookMessage());
    expect(await take(aReplay({ force: true }, { amountMinor: "99999" }))).toEqual(["event-id-reused"]);
    expect(bus.published).toHaveLength(1);
  });

  it("rule 10: routes an event that had no rate when it came, by the fingerprint of its first delivery", async () => {
    const { take, bus, transactions } = aWorld();
    const { routingAmountUsd: _, fxDate: __, ...unrated } = aPaymentEvent({ amountProblem: "rate_unknown" });
    await take({ ...aWebhookMessage(), event: unrated });
    const firstContent = contentOf(unrated);
    expect(await take(aReplay({ force: true, firstContent }))).toEqual(["replayed"]);
    expect(bus.events().at(-1)).toEqual(aPaymentEvent());
    expect(transactions.facts().map(({ tier }) => tier)).toEqual(["unroutable"]);
  });

  it("of an event that was never completed records it, and notes the replay", async () => {
    const { take, bus, claims, transactions } = aWorld();
    expect(await take(aReplay())).toEqual(["processed"]);
    expect([bus.published.length, transactions.facts().length]).toEqual([1, 1]);
    expect(claims.records.get("stripe:evt_1")).toMatchObject({ status: "COMPLETED", source: "replay" });
    expect(claims.records.get("stripe:evt_1")?.replays).toHaveLength(1);
  });

  it("rule 9: of what the archive has is routed and never recorded anew, also when its claim is forgotten", async () => {
    const { take, bus, claims, transactions, world } = aWorld();
    const archived = aReplay({ force: true, archived: true }, { objectVersion: "v1" });
    expect(await take(archived)).toEqual(["processed"]);
    expect(await take(archived)).toEqual(["replayed"]);
    world.nowMs += 36 * dayMs;
    expect(await take(archived)).toEqual(["processed"]);
    expect(transactions.facts()).toEqual([]);
    expect(bus.published).toHaveLength(3);
    expect(claims.records.get("stripe:evt_1")?.status).toBe("COMPLETED");
  });

  it("isn't swallowed by another delivery of the event in its batch", async () => {
    const { take, bus } = aWorld();
    await take(aWebhookMessage());
    expect(await take(aWebhookMessage(), aReplay({ force: true }))).toEqual(["duplicate", "busy"]);
    expect(await take(aReplay({ force: true }))).toEqual(["replayed"]);
    expect(bus.published).toHaveLength(2);
  });

  it("fails for now, and leaves the completed claim as it is, when the bus doesn't take the event", async () => {
    const { take, claims, transactions, world } = aWorld();
    await take(aWebhookMessage());
    const bus = createMemoryEventBus(() => ({ code: "InternalFailure", isPermanent: false }));
    const ports = { claims, transactions, bus, tierOf, now: () => world.nowMs };
    const timing = { newToken: randomUUID, sleep: async () => {}, random: () => 0.5 };
    const deduplicate = createDeduplication({ ...ports, ...timing }, leaseSeconds);
    const outcomes = await deduplicate([aDelivery(aReplay({ force: true }), "m0")]);
    expect(outcomes.get("m0")).toMatchObject({ kind: "retry", outcome: "InternalFailure" });
    expect(claims.records.get("stripe:evt_1")?.status).toBe("COMPLETED");
  });
});

/** Deliveries of three events, by a provider and by people, in any order. */
const choicesArbitrary = fc.array(
  fc.record({ event: fc.nat(2), delayMinutes: fc.nat(60), by: fc.constantFrom("provider", "replay", "force") }),
  { minLength: 1, maxLength: 12 },
);

describe("replays among deliveries, with crashes", () => {
  const worlds = fc.asyncProperty(fc.nat(), choicesArbitrary, async (seed, choices) => {
    const world: World = { random: seeded(seed), nowMs: Date.UTC(2026, 10, 20, 14), longestCallMs: 30_000 };
    const now = () => world.nowMs;
    const sleep = async () => {};
    const [claims, transactions, bus] = [
      createMemoryClaimStore(),
      createMemoryTransactionStore(),
      createMemoryEventBus(),
    ];
    const counters = createMemoryFraudCounterStore(transactions);
    const deliveries = choices.map(({ event, delayMinutes, by }, index) => {
      const at = new Date(Date.UTC(2026, 10, 20, 10, delayMinutes)).toISOString();
      const times = { eventId: `stripe:evt_${event}`, customerId: "cus_1", occurredAt: at, receivedAt: at };
      const replay = { ...note, at, ...(by === "force" && { force: true as const }) };
      const message = by === "provider" ? aWebhookMessage(times) : aReplay(replay, times);
      return { messageId: `m${index}`, message };
    });
    await drain(world, deliveries, (life) => {
      const stores = { claims: life.endangered(claims), transactions: life.endangered(transactions) };
      const ports = { ...stores, bus: life.endangered(bus), newToken: randomUUID, random: world.random };
      return createDeduplication({ ...ports, now, sleep, tierOf }, leaseSeconds);
    });
    const routed = bus.events().map((message, index) => ({ messageId: `b${index}`, message }));
    await drain(world, routed, (life) => {
      const stores = { counters: life.endangered(counters), transactions: life.endangered(transactions) };
      return createBatchDecision({ ...stores, random: world.random, now, sleep, tierOf }, scorecard);
    });

    const ids = [...new Set(deliveries.map(({ message }) => message.event.eventId))].sort();
    expect(
      transactions
        .facts()
        .map(({ event }) => event.eventId)
        .sort(),
    ).toEqual(ids);
    expect(
      transactions
        .decisions()
        .map(({ score }) => score.eventId)
        .sort(),
    ).toEqual(ids);
    expect(counters.histories.get("customer#stripe#cus_1")?.history.payments).toBe(ids.length);
    for (const { status } of claims.records.values()) expect(status).toBe("COMPLETED");
  });

  it("end in one fact, one decision and one count for each event", async () => {
    await fc.assert(worlds, { numRuns: 200 });
  });
});
