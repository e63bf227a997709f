import { randomUUID } from "node:crypto";
import fc from "fast-check";
import type { PaymentEvent, Tier } from "../../../config/events.ts";
import { scorecard } from "../../../config/scorecard.ts";
import { createSweep } from "../../../lambdas/decision-sweep/sweep-decisions.ts";
import { createBatchDecision } from "../../../lambdas/fraud-detector/decide-batch.ts";
import type { FactKey } from "../../../lambdas/shared/domain/archive/records.ts";
import { archivePartitionOf } from "../../../lambdas/shared/domain/archive-partition.ts";
import type { EntryRefusal } from "../../../lambdas/shared/domain/publishing.ts";
import type { RecordedFact, SweepRecords, SweepState } from "../../../lambdas/shared/domain/sweep.ts";
import { createMemoryEventBus } from "../../support/memory-event-bus.ts";
import { createMemoryFraudCounterStore } from "../../support/memory-fraud-counter-store.ts";
import { createMemoryTransactionStore } from "../../support/memory-transaction-store.ts";
import { aPaymentEvent } from "../../support/payment-events.ts";
import { tierOf } from "../../support/routing.ts";
import { seeded } from "../../support/seeded.ts";
import { aWorkerLife, type Fault, type WorkerLife } from "../../support/worker-life.ts";

const hourMs = 60 * 60 * 1000;
const startMs = Date.UTC(2026, 10, 20, 12, 30);
const nothingLeft = { resent: 0, refused: 0, leftUndecided: 0, hoursLeft: 0 };

interface Booked {
  readonly id: string;
  /** Since the first receipt. */
  readonly ageMs: number;
  readonly tier?: Tier;
  readonly sameFactAs?: string;
  readonly workflow?: SweepState["workflow"];
  readonly status?: "COMPLETED" | "FAILED" | "PROCESSING";
  readonly isUnreadable?: boolean;
}

function aWorld(booked: readonly Booked[], refuse?: () => EntryRefusal) {
  const world = { nowMs: startMs };
  const [transactions, bus] = [createMemoryTransactionStore(), createMemoryEventBus(refuse)];
  const sweeps = new Map<string, { count: number; atMs: number }>();
  const told: string[] = [];
  const facts = booked.map((one): RecordedFact & Booked => {
    const at = new Date(startMs - one.ageMs).toISOString();
    const eventId = `stripe:${one.id}`;
    const event = aPaymentEvent({ eventId, customerId: "cus_1", receivedAt: at, occurredAt: at });
    return { ...one, event, tier: one.tier ?? "low" };
  });
  const keyOf = ({ transactionId, occurredAt, eventId }: PaymentEvent): FactKey => {
    return { transactionId, entry: `${occurredAt}#${eventId}` };
  };
  const factAt = (key: FactKey) => facts.find(({ event }) => keyOf(event).entry === key.entry);
  const records: SweepRecords = {
    async states(ids) {
      const states = ids.map((id): readonly [string, SweepState] => {
        const { workflow, status = "COMPLETED" } = facts.find(({ event }) => event.eventId === id) ?? {};
        return [id, { event: { status }, ...(workflow && { workflow }), sweeps: sweeps.get(id)?.count ?? 0 }];
      });
      return new Map(states);
    },
    async count(id, { nowMs, pauseMs }) {
      const before = sweeps.get(id);
      if (before !== undefined && before.atMs > nowMs - pauseMs) return;
      sweeps.set(id, { count: (before?.count ?? 0) + 1, atMs: nowMs });
    },
  };
  const ledger = {
    async page(partition: string, { after }: { readonly after?: string } = {}) {
      const keys = facts
        .filter(({ event }) => archivePartitionOf(event.eventId, event.receivedAt) === partition)
        .map(({ event }) => keyOf(event))
        .toSorted((a, b) => (a.entry < b.entry ? -1 : 1))
        .filter(({ entry }) => after === undefined || entry > after);
      const [first] = keys;
      return { keys: keys.slice(0, 1), ...(keys.length > 1 && first && { next: first.entry }) };
    },
    async decided(keys: readonly FactKey[]) {
      const done = new Set(transactions.decisions().map(({ score }) => score.eventId));
      return keys.filter((key) => done.has(factAt(key)?.event.eventId ?? ""));
    },
  };
  const reader = {
    async facts(keys: readonly FactKey[]) {
      const found = keys.flatMap((key) => factAt(key) ?? []);
      return {
        facts: found.filter(({ isUnreadable }) => isUnreadable !== true),
        unreadable: found.filter(({ isUnreadable }) => isUnreadable).map(({ event }) => keyOf(event)),
      };
    },
  };
  function sweep({
    life,
    asOfMs = world.nowMs,
    untilMs = Number.POSITIVE_INFINITY,
  }: {
    life?: WorkerLife;
    asOfMs?: number;
    untilMs?: number;
  } = {}) {
    const guard = <T extends object>(port: T): T => life?.endangered(port) ?? port;
    return createSweep({
      ledger: guard(ledger),
      ...guard(reader),
      records: guard(records),
      bus: guard(bus),
      now: () => world.nowMs,
      newToken: randomUUID,
      sleep: async () => {},
      random: () => 0.5,
      tell: ({ eventId }, outcome) => void told.push(`${eventId} ${outcome}`),
      tellUnreadable: ({ transactionId }) => void told.push(`${transactionId} unreadable`),
    })({ asOfMs, untilMs });
  }
  return { world, transactions, bus, sweeps, told, sweep, facts };
}

const resentIds = ({ bus }: ReturnType<typeof aWorld>) => bus.events().map(({ eventId }) => eventId);

describe("a sweep of undecided events", () => {
  it("puts an event on the bus again that is an hour old, as it was booked", async () => {
    const world = aWorld([{ id: "a", ageMs: hourMs }]);
    expect(await world.sweep()).toEqual({ ...nothingLeft, resent: 1 });
    expect(world.bus.events()).toEqual([world.facts[0]?.event]);
    expect(world.bus.published[0]).toMatchObject({ detailType: "payment.succeeded" });
  });

  it("goes by the scheduled time, however late it begins", async () => {
    const world = aWorld([{ id: "a", ageMs: 73 * hourMs }]);
    expect(await world.sweep()).toEqual(nothingLeft);
    expect(await world.sweep({ asOfMs: startMs - hourMs })).toEqual({ ...nothingLeft, resent: 1 });
  });

  it.each([
    ["younger than an hour", { ageMs: hourMs - 1 }],
    ["older than three days", { ageMs: 72 * hourMs + 1 }],
    ["that is unroutable", { tier: "unroutable" }],
    ["without money", { tier: "unrouted" }],
    ["that repeats another fact", { sameFactAs: "stripe:b" }],
    ["that waits for a person", { workflow: { status: "PROCESSING" } }],
    ["that a workflow works on", { workflow: { status: "PROCESSING", leaseExpiresAt: startMs + 1 } }],
    ["whose recording isn't finished: its message is in a queue", { status: "FAILED" }],
  ] as const)("leaves an event alone %s", async (_, traits) => {
    const world = aWorld([{ id: "a", ageMs: 2 * hourMs, ...traits }]);
    expect(await world.sweep()).toEqual(nothingLeft);
    expect(world.bus.published).toEqual([]);
  });

  it.each([
    ["failed", { status: "FAILED" }],
    ["lost its lease", { status: "PROCESSING", leaseExpiresAt: startMs }],
    ["completed without a decision", { status: "COMPLETED" }],
  ] as const)("takes an event whose workflow has %s", async (_, workflow) => {
    const world = aWorld([{ id: "a", ageMs: 72 * hourMs, tier: "high", workflow }]);
    await world.sweep();
    expect(resentIds(world)).toEqual(["stripe:a"]);
    expect(world.bus.published[0]?.traceHeader).toMatch(/;Sampled=1$/);
  });

  it("leaves an event to a person after three sweeps, and says so at each one after", async () => {
    const world = aWorld([{ id: "a", ageMs: 2 * hourMs }]);
    for (const expected of [1, 1, 1, 0, 0]) {
      expect(await world.sweep()).toEqual({ ...nothingLeft, resent: expected, leftUndecided: 1 - expected });
      world.world.nowMs += hourMs;
    }
    expect(world.bus.published).toHaveLength(3);
    expect(world.told.slice(3)).toEqual(["stripe:a left-undecided", "stripe:a left-undecided"]);
  });

  it("counts two runs at a time as one sweep", async () => {
    const world = aWorld([{ id: "a", ageMs: 2 * hourMs }]);
    await Promise.all([world.sweep(), world.sweep()]);
    expect(world.sweeps.get("stripe:a")?.count).toBe(1);
  });

  it("goes on with the rest when the bus refuses an event, and doesn't count it", async () => {
    const refusals: EntryRefusal[] = [{ code: "MalformedDetail", isPermanent: true }];
    const world = aWorld(
      [
        { id: "a", ageMs: 3 * hourMs },
        { id: "b", ageMs: 2 * hourMs },
      ],
      () => refusals.shift(),
    );
    expect(await world.sweep()).toEqual({ ...nothingLeft, resent: 1, refused: 1 });
    expect(world.told).toEqual(["stripe:a refused", "stripe:b resent"]);
    expect([...world.sweeps.keys()]).toEqual(["stripe:b"]);
  });

  it("goes on with the rest when a fact can't be read, and leaves that one to a person", async () => {
    const booked = { ageMs: 2 * hourMs };
    const world = aWorld([
      { ...booked, id: "a", isUnreadable: true },
      { ...booked, id: "b" },
    ]);
    expect(await world.sweep()).toEqual({ ...nothingLeft, resent: 1, leftUndecided: 1 });
    expect(world.told).toContain("stripe:pi_1 unreadable");
  });

  it("says how many hours there was no time for, and has taken the oldest first", async () => {
    const world = aWorld([{ id: "a", ageMs: 2 * hourMs }]);
    expect(await world.sweep({ untilMs: startMs })).toEqual({ ...nothingLeft, hoursLeft: 72 });
    expect(world.bus.published).toEqual([]);
  });
});

describe("sweeps with crashes, side by side", () => {
  const faults: readonly Fault[] = ["refused", "answer-lost", "dies-before", "dies-after"];
  const worlds = fc.asyncProperty(
    fc.nat(),
    fc.array(fc.boolean(), { minLength: 1, maxLength: 6 }),
    async (seed, lost) => {
      const random = seeded(seed);
      const world = aWorld(lost.map((_, at) => ({ id: String(at), ageMs: (at + 2) * hourMs })));
      const counters = createMemoryFraudCounterStore(world.transactions);
      const decide = createBatchDecision(
        { counters, transactions: world.transactions, random, now: () => startMs, sleep: async () => {}, tierOf },
        scorecard,
      );
      const deliver = (events: readonly PaymentEvent[]) =>
        decide(events.map((message, at) => ({ messageId: `${at}`, message })));
      // Some had reached their decision before.
      await deliver(world.facts.filter((_, at) => lost[at] === false).map(({ event }) => event));
      for (const round of [0, 1, 2]) {
        const runs = [0, 1].map(() => {
          const rate = round < 2 ? 0.1 : 0;
          const nextFault = (): Fault => (random() < rate ? (faults[Math.floor(random() * 4)] ?? "none") : "none");
          const life = aWorkerLife(nextFault, () => Math.floor(random() * 4));
          return life.run(() => world.sweep({ life }).catch(() => undefined));
        });
        await Promise.all(runs);
        world.world.nowMs += hourMs;
      }
      await deliver([...world.bus.events(), ...world.bus.events()]);
      const ids = world.facts.map(({ event }) => event.eventId).sort();
      expect(
        world.transactions
          .decisions()
          .map(({ score }) => score.eventId)
          .sort(),
      ).toEqual(ids);
      expect(counters.histories.get("customer#stripe#cus_1")?.history.payments).toBe(ids.length);
      for (const { count } of world.sweeps.values()) expect(count).toBeLessThanOrEqual(3);
    },
  );

  it("bring every event to one decision and one count", async () => {
    await fc.assert(worlds, { numRuns: 25 });
  });
});
