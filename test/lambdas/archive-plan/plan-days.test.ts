import { createPlanning, type Plan, type PlanRequest } from "../../../lambdas/archive-plan/plan-days.ts";
import { daysThrough, slicesOfDay } from "../../../lambdas/shared/domain/archive/days.ts";
import { eventsOf, historyLimit, releasesOf } from "../../../lambdas/shared/domain/archive/execution-history.ts";
import { createArchiveWorld } from "../../support/archive-world.ts";
import {
  aFactRecord,
  aRawRecord,
  createMemoryArchiveLedger,
  createMemoryArchiveObjects,
  keyOfFact,
} from "../../support/memory-archive.ts";
import { seeded } from "../../support/seeded.ts";

const nowMs = Date.parse("2028-03-02T03:00:00.000Z");
const now = () => nowMs;
const received = (receivedAt: string, eventId = "stripe:evt_1") =>
  aFactRecord({ eventId, receivedAt, occurredAt: receivedAt });

/** An archive in which each of these days is sealed, the first from an empty one. */
async function sealedThrough(...days: readonly string[]) {
  const played = createArchiveWorld(seeded(1), nowMs);
  for (const day of days) expect(await played.execute(day)).toBe(true);
  played.end();
  return played;
}

describe("planning", () => {
  it("begins an empty archive with the day two days before, leap day or not", async () => {
    const plan = createPlanning({ ledger: createMemoryArchiveLedger(), objects: createMemoryArchiveObjects(), now }, 1);
    const { days, lateDays, next } = await plan({ scheduledAt: "2028-03-02T03:00:00Z" });
    expect(days.map(({ day }) => day)).toEqual(["2028-02-29"]);
    expect(days[0]?.slices).toEqual(slicesOfDay("2028-02-29", 1));
    expect(days[0]?.slices).toHaveLength(24);
    expect({ lateDays, next }).toEqual({ lateDays: [], next: null });
  });

  it("begins an empty archive with the earliest day that has entries, without a gap", async () => {
    const ledger = createMemoryArchiveLedger();
    ledger.recordFact(received("2028-02-27T23:59:59.999Z"));
    const { days } = await createPlanning({ ledger, objects: createMemoryArchiveObjects(), now }, 1)({});
    expect(days.map(({ day }) => day)).toEqual(["2028-02-27", "2028-02-28", "2028-02-29"]);
  });

  it("goes on after the last sealed day", async () => {
    const { ledger, objects } = await sealedThrough("2028-02-27");
    const { days } = await createPlanning({ ledger, objects, now }, 16)({});
    expect(days.map(({ day }) => day)).toEqual(["2028-02-28", "2028-02-29"]);
    expect(days[0]?.slices).toHaveLength(24 * 16);
  });

  it("seals a day before the archive's first one when a record comes for it, and those between", async () => {
    const { ledger, objects } = await sealedThrough("2028-02-29");
    ledger.recordFact(received("2028-02-27T00:00:00.000Z"));
    const { days, lateDays } = await createPlanning({ ledger, objects, now }, 1)({});
    expect(days.map(({ day }) => day)).toEqual(["2028-02-27", "2028-02-28"]);
    expect(lateDays).toEqual([]);
  });

  it("names the hours and shards of sealed days that have entries, and sequences after those of the days", async () => {
    const { ledger, objects } = await sealedThrough("2028-02-27", "2028-02-28");
    ledger.recordFact(received("2028-02-27T12:00:00.000Z"));
    const { days, lateDays } = await createPlanning({ ledger, objects, now }, 1)({});
    expect(days.map(({ day }) => day)).toEqual(["2028-02-29"]);
    expect(lateDays).toEqual([
      {
        day: "2028-02-27",
        addendum: 4,
        slices: [
          {
            day: "2028-02-27",
            hour: "12",
            slice: 0,
            shards: [expect.any(Number)],
            addendum: 4,
            plannedAt: "2028-03-02T03:00:00.000Z",
          },
        ],
      },
    ]);
  });

  it("names a sealed day with a fact that waits for its decision, until that is sealed", async () => {
    const played = createArchiveWorld(seeded(1), nowMs);
    const fact = received("2028-02-28T07:00:00.000Z");
    played.ledger.recordFact(fact);
    played.ledger.recordRaw(keyOfFact(fact), aRawRecord());
    await played.execute("2028-02-29");
    const plan = createPlanning({ ...played, now }, 1);
    played.ledger.recordDecision(keyOfFact(fact), "APPROVE", "2028-03-02T00:00:00.000Z");
    expect((await plan({})).lateDays.map(({ day, slices }) => [day, slices.map(({ hour }) => hour)])).toEqual([
      ["2028-02-28", ["07"]],
    ]);
    await played.execute("2028-02-29");
    expect((await plan({})).lateDays).toEqual([]);
    played.end();
  });

  it("finds the beginning of an empty archive also before the window, as long as no week is without entries", async () => {
    const ledger = createMemoryArchiveLedger();
    const days = ["2027-12-20", "2028-01-10", "2028-01-16", "2028-01-22", "2028-01-28"];
    for (const day of days) ledger.recordFact(received(`${day}T10:00:00.000Z`, day));
    const planned = await createPlanning({ ledger, objects: createMemoryArchiveObjects(), now }, 1)({});
    expect(planned.days[0]?.day).toBe("2028-01-10");
  });

  it.each([1, 16])("works off sixty days at %s slices per hour in a row of executions that ends", async (slices) => {
    const { ledger, objects } = await sealedThrough("2028-01-01");
    ledger.recordFact(received("2028-01-01T10:00:00.000Z", "stripe:evt_late"));
    const plan = createPlanning({ ledger, objects, now }, slices);
    const days: string[] = [];
    const lateDays: string[] = [];
    let executions = 0;
    // Nothing is sealed in between: the row ends all the same.
    for (let next: PlanRequest | null = { through: "2028-03-01" }; next !== null; executions += 1) {
      const planned: Plan = await plan(next);
      const carried = [...planned.days, ...planned.lateDays];
      const sizes = carried.map((day) => ({ slices: day.slices.length, objects: releasesOf(day.slices.length) }));
      expect(eventsOf(sizes)).toBeLessThanOrEqual(historyLimit / 2);
      expect(JSON.stringify(planned).length).toBeLessThan(128 * 1024);
      days.push(...planned.days.map(({ day }) => day));
      lateDays.push(...planned.lateDays.map(({ day }) => day));
      next = planned.next;
    }
    expect(days).toEqual(daysThrough("2028-01-02", "2028-03-01"));
    expect(executions).toBe(slices === 1 ? 6 : 30);
  });

  it("comes to late days when no day is left, and to each of them once", async () => {
    const sealed = daysThrough("2028-02-01", "2028-02-28");
    const { ledger, objects } = await sealedThrough(...sealed);
    const hours = ["01", "02", "03", "04"];
    for (const day of sealed) {
      for (const hour of hours) ledger.recordFact(received(`${day}T${hour}:00:00.000Z`, `${day}-${hour}`));
    }
    const plan = createPlanning({ ledger, objects, now }, 16);
    const first = await plan({});
    expect(first.days.map(({ day }) => day)).toEqual(["2028-02-29"]);
    const second = await plan(first.next ?? {});
    expect(second.days).toEqual([]);
    const lateDays = [...first.lateDays, ...second.lateDays].map(({ day }) => day);
    expect(lateDays).toEqual(sealed.slice(0, lateDays.length));
    expect(second.next).toEqual({ through: "2028-02-29", work: "late-days", after: lateDays.at(-1) });
  });

  it("asks for the days of a week together, so that a throttled query holds up no other day", async () => {
    const ledger = createMemoryArchiveLedger();
    const asked = new Set<string>();
    const nextDayAsked = Promise.withResolvers<void>();
    const page: typeof ledger.page = async (partition, options) => {
      asked.add(partition);
      // The last day's partitions of the week are answered at once, the first one's not before one of those was asked.
      if (partition.startsWith("2028-01-27")) nextDayAsked.resolve();
      if (partition === "2028-01-26T00#00") await nextDayAsked.promise;
      return ledger.page(partition, options);
    };
    const planned = createPlanning({ ledger: { page }, objects: createMemoryArchiveObjects(), now }, 1)({});
    expect((await planned).days.map(({ day }) => day)).toEqual(["2028-02-29"]);
    expect(asked.size).toBe(35 * 24 * 16);
  });

  it("refuses a day that hasn't begun", async () => {
    const plan = createPlanning({ ledger: createMemoryArchiveLedger(), objects: createMemoryArchiveObjects(), now }, 1);
    await expect(plan({ through: "2028-03-03" })).rejects.toMatchObject({ code: "day-to-come" });
    await expect(plan({ through: "2028-03-02" })).resolves.toMatchObject({ days: [{ day: "2028-03-02" }] });
  });
});
