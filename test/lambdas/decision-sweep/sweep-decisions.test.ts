import fc from "fast-check";
import type { PaymentEvent } from "../../../config/events.ts";
import { scorecard } from "../../../config/scorecard.ts";
import { measured } from "../../../lambdas/decision-sweep/measured.ts";
import type { Sweep } from "../../../lambdas/decision-sweep/sweep-decisions.ts";
import { createBatchDecision } from "../../../lambdas/fraud-detector/decide-batch.ts";
import type { EntryRefusal } from "../../../lambdas/shared/domain/publishing.ts";
import { createMemoryFraudCounterStore } from "../../support/memory-fraud-counter-store.ts";
import { tierOf } from "../../support/routing.ts";
import { seeded } from "../../support/seeded.ts";
import { aWorkerLife, type Fault } from "../../support/worker-life.ts";
import { aWorld, hourMs, startMs } from "./sweep-world.ts";

const nothingLeft = { resent: 0, refused: 0, leftUndecided: 0, hoursLeft: 0, isComplete: true };

const resentIds = ({ bus }: ReturnType<typeof aWorld>) => bus.events().map(({ eventId }) => eventId);

describe("a sweep of undecided events", () => {
  it("puts an event on the bus again that is an hour old, as it was booked", async () => {
    const world = aWorld([{ id: "a", ageMs: hourMs }]);
    expect(await world.sweep()).toEqual({ ...nothingLeft, resent: 1 });
    expect(world.bus.events()).toEqual([world.facts[0]?.event]);
    expect(world.bus.published[0]).toMatchObject({ detailType: "payment.succeeded" });
  });

  it("goes by the scheduled time, however late it begins", async () => {
    const booked = [{ id: "a", ageMs: 73 * hourMs }];
    expect(await aWorld(booked).sweep()).toEqual(nothingLeft);
    expect(await aWorld(booked).sweep({ asOfMs: startMs - hourMs })).toEqual({ ...nothingLeft, resent: 1 });
  });

  it.each([
    ["younger than an hour", { ageMs: hourMs - 1 }],
    ["of an hour that is three days old", { ageMs: 73 * hourMs }],
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

  it("says how many hours there was no time for, and the next one begins with them", async () => {
    const world = aWorld([{ id: "a", ageMs: 2 * hourMs }]);
    expect(await world.sweep({ untilMs: startMs })).toEqual({ ...nothingLeft, hoursLeft: 72, isComplete: false });
    expect(world.bus.published).toEqual([]);
    world.world.nowMs += hourMs;
    expect(await world.sweep()).toEqual({ ...nothingLeft, resent: 1 });
    expect(world.progress.at(-1)).toEqual({ asOfMs: startMs + hourMs, hoursLeft: [] });
  });
});

describe("an event that is found undecided", () => {
  async function swept(world: ReturnType<typeof aWorld>, times: number) {
    const results: Sweep[] = [];
    for (let time = 0; time < times; time += 1) {
      results.push(await world.sweep());
      world.world.nowMs += hourMs;
    }
    return results;
  }

  it("is told of by every sweep until it is decided, however old it gets", async () => {
    const world = aWorld([{ id: "a", ageMs: 2 * hourMs }]);
    const results = await swept(world, 24 * 40);
    expect(results.slice(3).every(({ leftUndecided }) => leftUndecided === 1)).toBe(true);
    expect(world.kept.get("stripe:a")).toMatchObject({ isForGood: true });
    await world.decide(world.facts[0]?.event as PaymentEvent);
    expect(await swept(world, 2)).toEqual([nothingLeft, nothingLeft]);
    expect(world.kept.get("stripe:a")).toMatchObject({ status: "closed" });
  });

  it("is told of no more once a person has given it up, though its hour is looked at again", async () => {
    const world = aWorld([{ id: "a", ageMs: 2 * hourMs }]);
    await swept(world, 4);
    const mark = world.kept.get("stripe:a");
    if (mark !== undefined) mark.status = "closed";
    for (const { leftUndecided, resent } of await swept(world, 72)) expect([leftUndecided, resent]).toEqual([0, 0]);
  });

  it("is told of as well when its fact is gone by then", async () => {
    const world = aWorld([{ id: "a", ageMs: 2 * hourMs }]);
    await swept(world, 1);
    world.gone.add("stripe:a");
    expect(await world.sweep()).toEqual({ ...nothingLeft, leftUndecided: 1 });
    expect(world.told.at(-1)).toBe("stripe:pi_1 unreadable");
  });

  it("and that waits for a person is taken once that came to nothing, days later", async () => {
    const traits = { workflow: { status: "PROCESSING" as const } };
    const world = aWorld([{ id: "a", ageMs: 2 * hourMs, tier: "high", ...traits }]);
    await swept(world, 80);
    expect(world.bus.published).toEqual([]);
    Object.assign(world.facts[0] ?? {}, { workflow: { status: "FAILED" } });
    await swept(world, 1);
    expect(resentIds(world)).toEqual(["stripe:a"]);
  });

  it("isn't said to be the last by a sweep that had no time to look", async () => {
    const world = aWorld([{ id: "a", ageMs: 2 * hourMs }]);
    await swept(world, 3);
    const inPart = measured(await world.sweep({ untilMs: world.world.nowMs }));
    expect(inPart).toEqual({ "DecisionSweep.Finished": 0, "DecisionSweep.Resent": 0 });
    expect(measured(await world.sweep())).toMatchObject({ "DecisionSweep.Finished": 1, "DecisionSweep.Undecided": 1 });
  });
});

describe("hours of first receipt", () => {
  it("are looked at six times in three days, where hourly sweeps looked 72 times", async () => {
    const world = aWorld([]);
    await world.sweep();
    world.pagesRead.length = 0;
    for (let hour = 1; hour <= 96; hour += 1) {
      world.world.nowMs = startMs + hour * hourMs;
      await world.sweep();
    }
    const looks = world.pagesRead.filter((partition) => partition === "2026-11-20T12#00");
    expect(looks).toHaveLength(6);
    expect(world.pagesRead).toHaveLength(96 * 6 * 16);
  });

  it.each([1, 5, 20, 70])("are looked at again: an event that is recorded %d hours late is found", async (late) => {
    const world = aWorld([]);
    const receivedAgoMs = 2 * hourMs;
    for (let hour = 0; hour <= 72; hour += 1) {
      world.world.nowMs = startMs + hour * hourMs;
      if (hour === late) world.book({ id: "late", ageMs: receivedAgoMs });
      await world.sweep();
    }
    expect(resentIds(world)).toContain("stripe:late");
  });

  it("that no sweep came to for days are all looked at by the next", async () => {
    const world = aWorld([{ id: "a", ageMs: 0 }]);
    await world.sweep();
    world.world.nowMs += 50 * hourMs;
    expect(await world.sweep()).toEqual({ ...nothingLeft, resent: 1 });
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
