/** What becomes of events that aren't complete: a body that is gone, a raw entry that comes late. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { archiveKeys } from "../../../config/archive.ts";
import { parseManifest } from "../../../lambdas/shared/domain/archive/manifest-text.ts";
import type { ArchiveLedger } from "../../../lambdas/shared/domain/archive/ports.ts";
import { readColumns } from "../../../lambdas/shared/parquet/read-columns.ts";
import { createSliceArchival } from "../../../lambdas/transaction-archival/archive-slice.ts";
import { createArchiveWorld } from "../../support/archive-world.ts";
import {
  aFactRecord,
  aRawRecord,
  createMemoryArchiveLedger,
  createMemoryArchiveObjects,
  keyOfFact,
} from "../../support/memory-archive.ts";
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

describe("an attempt that was given up and goes on all the same", () => {
  it("writes no object any more once another attempt has come to its end", async () => {
    const directory = mkdtempSync(join(tmpdir(), "overtaken-"));
    const ledger = createMemoryArchiveLedger();
    const objects = createMemoryArchiveObjects();
    const given = aFactRecord({ receivedAt: `${day}T10:00:01.250Z` });
    ledger.recordFact(given);
    ledger.recordRaw(keyOfFact(given), aRawRecord());
    const place = { day, hour: "10", slice: 0, shards: Array.from({ length: 16 }, (_, shard) => shard) };
    const attempt = (name: string, its: ArchiveLedger) => {
      const ports = { ledger: its, objects, payloads: { read: async () => undefined }, onMissingBody: () => {} };
      return createSliceArchival(ports, (file) => join(directory, `${name}-${file}`))(place);
    };
    let goOn = () => {};
    const isPaused = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const read: ArchiveLedger["read"] = async (keys, options) => {
      const records = await ledger.read(keys, options);
      await isPaused;
      return records;
    };
    const slow = attempt("slow", { ...ledger, read });
    // Something came in between, so that the two attempts don't come to the same bytes.
    ledger.recordDecision(keyOfFact(given), "APPROVE", `${day}T10:00:02.000Z`);
    const { key } = await attempt("fast", ledger);
    const before = [...objects.stored.keys()];
    goOn();
    expect(await slow).toEqual({ key, facts: 0 });
    const isOfArchive = (one: string) => one.startsWith("transactions/") || one.startsWith("raw/");
    expect([...objects.stored.keys()].filter(isOfArchive)).toEqual(before.filter(isOfArchive));
    rmSync(directory, { recursive: true, force: true });
  });

  it("has archived nothing where another attempt has put down its result a moment before", async () => {
    const directory = mkdtempSync(join(tmpdir(), "overtaken-"));
    const [ledger, objects] = [createMemoryArchiveLedger(), createMemoryArchiveObjects()];
    ledger.recordFact(fact);
    ledger.recordRaw(keyOfFact(fact), aRawRecord());
    const place = { day, hour: "10", slice: 0, shards: Array.from({ length: 16 }, (_, shard) => shard) };
    const factsWhere = async (create: typeof objects.create) => {
      const ports = { ledger, objects: { ...objects, create }, payloads: { read: async () => undefined } };
      const archive = createSliceArchival({ ...ports, onMissingBody: () => {} }, (file) => join(directory, file));
      return (await archive(place)).facts;
    };
    expect(await factsWhere(async () => "exists")).toBe(0);
    expect(await factsWhere(objects.create)).toBe(1);
    rmSync(directory, { recursive: true, force: true });
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
