import { createRelease } from "../../../lambdas/archive-release/release-object.ts";
import { createArchiveWorld } from "../../support/archive-world.ts";
import { countedCalls } from "../../support/counted-calls.ts";
import { aFactRecord, aRawRecord, keyOfFact } from "../../support/memory-archive.ts";
import { seeded } from "../../support/seeded.ts";

const nowMs = Date.parse("2026-11-20T03:00:00.000Z");
const now = () => nowMs;
const day = "2026-11-18";

/** A day with three facts, the last of them undecided; sealed and, when asked for, released. */
async function aSealedDay() {
  const played = createArchiveWorld(seeded(1), nowMs);
  const facts = ["e1", "e2", "e3"].map((eventId) => aFactRecord({ eventId, objectVersion: eventId }));
  for (const fact of facts) {
    played.ledger.recordFact(fact);
    played.ledger.recordRaw(keyOfFact(fact), aRawRecord());
    if (fact.eventId !== "e3") played.ledger.recordDecision(keyOfFact(fact), "APPROVE", "2026-11-18T10:00:05.000Z");
  }
  await played.execute(day);
  played.end();
  const key = [...played.objects.stored.keys()].find((one) => one.startsWith("transactions/")) ?? "";
  return { ...played, key };
}

describe("releasing a sealed object", () => {
  it("sets the end of entries 45 days on, and lets undecided facts stay", async () => {
    const { ledger } = await aSealedDay();
    const ends = Object.fromEntries([...ledger.entries.values()].map(({ fact, ends: its }) => [fact.eventId, its]));
    const end = Date.parse("2027-01-04T03:00:00.000Z") / 1000;
    expect(ends).toEqual({ e1: { fact: end, beside: end }, e2: { fact: end, beside: end }, e3: {} });
    expect([...ledger.entries.values()].map(({ isInIndex }) => isInIndex)).toEqual([false, false, true]);
  });

  it("writes nothing for what is released already", async () => {
    const { ledger, objects, key } = await aSealedDay();
    const { calls, counted } = countedCalls();
    expect(await createRelease({ ...counted(ledger), objects, now })(key, () => true)).toBe(0);
    expect(calls).toEqual({ unreleased: 1 });
  });

  it("releases nothing that no manifest names", async () => {
    const { ledger, objects, key } = await aSealedDay();
    const stray = key.replace("part-000", "part-001");
    await objects.create(stray, objects.stored.get(key)?.bytes ?? Buffer.of());
    const release = createRelease({ ...ledger, objects, now });
    await expect(release(stray, () => true)).rejects.toMatchObject({ code: "object-not-sealed" });
    await expect(release("raw/whatever", () => true)).rejects.toMatchObject({ code: "object-not-sealed" });
  });

  it("ends in time and asks to be called again", async () => {
    const { ledger, objects, key } = await aSealedDay();
    const release = createRelease({ ...ledger, objects, now });
    await expect(release(key, () => false)).rejects.toMatchObject({
      name: "RetryableError",
      code: "release-unfinished",
    });
  });
});
