/** What becomes of events that aren't complete: a body that is gone, a raw entry that comes late. */
import { archiveKeys } from "../../../config/archive.ts";
import { parseManifest } from "../../../lambdas/shared/domain/archive/manifest-text.ts";
import { readColumns } from "../../../lambdas/shared/parquet/read-columns.ts";
import { createArchiveWorld } from "../../support/archive-world.ts";
import { aFactRecord, aRawRecord, keyOfFact } from "../../support/memory-archive.ts";
import { seeded } from "../../support/seeded.ts";

const day = "2026-11-18";
const fact = aFactRecord({ tier: "unrouted", receivedAt: `${day}T10:00:01.250Z` });

function aWorld() {
  const played = createArchiveWorld(seeded(1), Date.parse("2026-11-20T03:00:00.000Z"));
  return {
    ...played,
    manifest: (addendum?: number) =>
      parseManifest(played.objects.stored.get(archiveKeys.manifest(day, addendum))?.bytes ?? Buffer.of()),
  };
}

describe("an event whose stored body is gone", () => {
  it("keeps its headers and SHA-256, and is counted by the manifest", async () => {
    const { ledger, objects, execute, manifest, end } = aWorld();
    const raw = aRawRecord({ body: { bucket: "webhook-payloads", key: "gone" } });
    ledger.recordFact(fact);
    ledger.recordRaw(keyOfFact(fact), raw);
    expect(await execute(day)).toBe(true);
    end();
    expect(manifest()).toMatchObject({ facts: 1, missingBodies: 1 });
    const rowsOf = async (key: string) => {
      const groups: Readonly<Record<string, unknown>>[] = [];
      const columns = key.startsWith("raw/") ? ["headers", "body", "sha256"] : ["raw_sha256"];
      for await (const rows of readColumns(await objects.open(key), columns)) groups.push(...rows);
      return groups;
    };
    expect(await rowsOf(archiveKeys.transactions(day, "10", 0))).toEqual([{ raw_sha256: raw.sha256 }]);
    const [row] = await rowsOf(archiveKeys.raw(day, "10", 0));
    expect(row).toMatchObject({ headers: JSON.stringify(raw.headers), sha256: raw.sha256 });
    expect(row?.body ?? null).toBeNull();
  });
});

describe("an event whose recording ends long after its day's seal", () => {
  it("is sealed by the run after that, however many runs have found nothing before", async () => {
    const { world, ledger, execute, manifest, end } = aWorld();
    ledger.recordFact(fact);
    expect(await execute(day)).toBe(true);
    world.nowMs += 60_000;
    // The event is in the index, and nothing of it can be archived yet: no addendum.
    expect(await execute(day)).toBe(true);
    ledger.recordRaw(keyOfFact(fact), aRawRecord());
    world.nowMs += 60_000;
    expect(await execute(day)).toBe(true);
    end();
    expect(manifest()).toMatchObject({ facts: 0 });
    expect(manifest(2)).toMatchObject({ kind: "addendum", facts: 1 });
  });
});
