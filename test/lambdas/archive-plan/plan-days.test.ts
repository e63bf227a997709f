import { createPlanning } from "../../../lambdas/archive-plan/plan-days.ts";
import { slicesOfDay } from "../../../lambdas/shared/domain/archive/days.ts";
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
    const { days, lateDays, more } = await plan({ scheduledAt: "2028-03-02T03:00:00Z" });
    expect(days.map(({ day }) => day)).toEqual(["2028-02-29"]);
    expect(days[0]?.slices).toEqual(slicesOfDay("2028-02-29", 1));
    expect(days[0]?.slices).toHaveLength(24);
    expect({ lateDays, more }).toEqual({ lateDays: [], more: false });
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
        slices: [{ day: "2028-02-27", hour: "12", slice: 0, shards: [expect.any(Number)], addendum: 4 }],
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

  it("leaves to another execution what a state machine can't carry", async () => {
    const { ledger, objects } = await sealedThrough("2028-01-20");
    const { days, lateDays, more } = await createPlanning({ ledger, objects, now }, 16)({});
    expect(days[0]?.day).toBe("2028-01-21");
    expect(JSON.stringify({ days, lateDays }).length).toBeLessThan(160 * 1024);
    expect(more).toBe(true);
  });

  it("refuses a day that hasn't begun", async () => {
    const plan = createPlanning({ ledger: createMemoryArchiveLedger(), objects: createMemoryArchiveObjects(), now }, 1);
    await expect(plan({ through: "2028-03-03" })).rejects.toMatchObject({ code: "day-to-come" });
    await expect(plan({ through: "2028-03-02" })).resolves.toMatchObject({ days: [{ day: "2028-03-02" }] });
  });
});
