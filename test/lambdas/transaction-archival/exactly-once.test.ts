import fc from "fast-check";
import { addDays } from "../../../lambdas/shared/domain/archive/days.ts";
import type { FactRecord } from "../../../lambdas/shared/domain/archive/records.ts";
import { auditArchive } from "../../support/archive-audit.ts";
import { createArchiveWorld } from "../../support/archive-world.ts";
import { aFactRecord, aRawRecord, keyOfFact } from "../../support/memory-archive.ts";
import { seeded } from "../../support/seeded.ts";

const firstDay = "2028-02-27";
const faultyRounds = 4;

/** When things about an event happen: rounds are days of which each has its executions; a late one comes after its seal. */
const eventArbitrary = fc.record({
  day: fc.constantFrom(0, 0, 0, 1, 2, 3),
  /** The edges of the day, and the clock that jumps: into the next day. */
  time: fc.constantFrom("00:00:00.000", "12:30:00.500", "12:59:59.999", "23:59:59.999"),
  recorded: fc.nat(faultyRounds + 1),
  /** Rounds until the raw entry is there, too; `never` is an event that is never completed. */
  rawAfter: fc.constantFrom(0, 0, 0, 0, 2, "never" as const),
  decidedAfter: fc.constantFrom(0, 0, 1, 2, 3, "never" as const),
  tier: fc.constantFrom("high", "medium", "low", "unroutable", "unrouted"),
  amountMinor: fc.option(fc.bigInt(-1_000n, 1_000_000n), { nil: undefined }),
  currency: fc.constantFrom("USD", "KWD", "JPY"),
  isRepeat: fc.constantFrom(false, false, false, true),
});
type EventChoice = typeof eventArbitrary extends fc.Arbitrary<infer T> ? T : never;

function factOf(choice: EventChoice, index: number): FactRecord {
  const receivedAt = `${addDays(firstDay, choice.day)}T${choice.time}Z`;
  const { amountMinor: _, ...rest } = aFactRecord({
    eventId: `stripe:evt_${index}`,
    transactionId: `stripe:pi_${index % 3}`,
    tier: choice.tier,
    currency: choice.currency,
    objectVersion: `v${index}`,
    receivedAt,
    occurredAt: "2028-02-27T00:00:00.000Z",
  });
  return {
    ...rest,
    ...(choice.amountMinor !== undefined && { amountMinor: choice.amountMinor }),
    ...(choice.isRepeat && { sameFactAs: "stripe:evt_other" }),
  };
}

async function play(seed: number, choices: readonly EventChoice[]) {
  const random = seeded(seed);
  const played = createArchiveWorld(random, Date.parse(`${firstDay}T03:00:00.000Z`));
  const { world, ledger } = played;
  const roundOf = (after: number | "never", recorded: number) => (after === "never" ? -1 : recorded + after);

  function happen(round: number): void {
    for (const [index, choice] of choices.entries()) {
      const fact = factOf(choice, index);
      const key = keyOfFact(fact);
      if (choice.recorded === round) ledger.recordFact(fact);
      if (roundOf(choice.rawAfter, choice.recorded) === round) ledger.recordRaw(key, aRawRecord());
      const isDecidable = ["high", "medium", "low"].includes(choice.tier) && !choice.isRepeat;
      if (isDecidable && roundOf(choice.decidedAfter, choice.recorded) === round) {
        ledger.recordDecision(key, "APPROVE", new Date(world.nowMs).toISOString());
      }
    }
  }

  // From day to day: what happens, and executions with faults, of which two may run at the same time.
  const lastRound = faultyRounds + 6;
  for (let round = 0; round <= lastRound; round += 1) {
    world.nowMs = Date.parse(`${addDays(firstDay, round)}T03:00:00.000Z`);
    world.troubleRate = round <= faultyRounds ? 0.35 : 0;
    const through = addDays(firstDay, Math.max(0, round - 2));
    // Somebody starts a second execution while things happen, under another setting, too.
    const divide = () => {
      world.slicesPerHour = [1, 1, 2, 4][Math.floor(random() * 4)] ?? 1;
    };
    divide();
    if (round <= faultyRounds && random() < 0.6) {
      const first = played.execute(through);
      for (let turn = random() * 40; turn > 0; turn -= 1) await new Promise((resolve) => setImmediate(resolve));
      happen(round);
      divide();
      await Promise.all([first, played.execute(through)]);
    } else {
      happen(round);
      await played.execute(through);
    }
  }
  return { ...played, through: addDays(firstDay, lastRound - 2) };
}

const worlds = fc.asyncProperty(
  fc.nat(),
  fc.array(eventArbitrary, { minLength: 1, maxLength: 24 }),
  async (seed, choices) => {
    const { ledger, objects, signer, execute, through, end } = await play(seed, choices);
    try {
      const { manifests, rows, rawIds, problems } = await auditArchive(objects, signer.verify);
      expect(problems).toEqual([]);

      // Each event that is completely recorded in one row, and its bytes in one, of its own day; the others in none.
      const all = [...ledger.entries.values()];
      const complete = all.filter(({ raw }) => raw !== undefined);
      const ids = (some: typeof all) => some.map(({ fact }) => fact.eventId).sort();
      const facts = rows.filter(({ entry }) => entry === "fact");
      expect(facts.map((row) => row.event_id).sort()).toEqual(ids(complete));
      expect([...rawIds].sort()).toEqual(ids(complete));
      for (const { fact } of complete) {
        const row = facts.find(({ event_id: eventId }) => eventId === fact.eventId);
        expect(row?.day).toBe(fact.receivedAt.slice(0, 10));
      }
      // Each decision with its fact, or in one row of its own.
      const decided = complete.filter(({ decision }) => decision !== undefined);
      const withDecision = rows.filter(({ decision }) => decision !== null);
      expect(withDecision.map((row) => row.event_id).sort()).toEqual(ids(decided));
      // Manifests count what waited for a decision, of which some came later.
      const undecided = complete.filter(({ fact, decision }) => {
        return (
          decision === undefined && !["unroutable", "unrouted"].includes(fact.tier) && fact.sameFactAs === undefined
        );
      });
      const lateDecisions = rows.filter(({ entry }) => entry === "decision").length;
      const counted = manifests.reduce((sum, manifest) => sum + manifest.undecided, 0);
      expect(counted - lateDecisions).toBe(undecided.length);
      // Every day has one manifest of its own, without a gap.
      const days = manifests.filter(({ kind }) => kind === "day").map(({ day }) => day);
      expect([...days].sort()).toEqual(
        Array.from({ length: days.length }, (_, n) => addDays(through, n + 1 - days.length)),
      );
      // The table may forget what is sealed and decided, and nothing else.
      const staying = all.filter((entries) => entries.raw === undefined || undecided.includes(entries));
      expect(ids(all.filter(({ isInIndex }) => isInIndex))).toEqual(ids(staying));
      const ending = all.filter(({ ends }) => ends.fact !== undefined && ends.beside !== undefined);
      expect(ids(ending)).toEqual(ids(all.filter((entries) => !staying.includes(entries))));

      // Athena's tables read what manifests name, each object once, and none that an attempt has left behind.
      const tableFiles = [...objects.stored].filter(([key]) => key.startsWith("tables/"));
      const read = tableFiles.flatMap(([, { bytes }]) => Buffer.from(bytes).toString().trimEnd().split("\n"));
      const named = manifests.flatMap((manifest) => manifest.objects.map(({ key }) => `s3://archive/${key}`));
      expect(read.sort()).toEqual(named.sort());

      // Another execution for the same day changes nothing.
      const before = [...objects.stored.keys()].filter((key) => !key.startsWith("staging/"));
      expect(await execute(through)).toBe(true);
      expect([...objects.stored.keys()].filter((key) => !key.startsWith("staging/"))).toEqual(before);
    } finally {
      end();
    }
  },
);

describe("days archived with crashes at any point, late records and executions side by side", () => {
  it("rule 18: every event is in one sealed row, and nothing that is sealed changes", async () => {
    await fc.assert(worlds, { numRuns: 40, endOnFailure: true });
  }, 300_000);
});
