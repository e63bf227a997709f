/** Audits one day: its objects one after the other, then their rows together. Holds one object on the disk at a time. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { ArchiveObject } from "../../config/archive.ts";
import type { Findings } from "./findings.ts";
import { objectPlace } from "./keys.ts";
import { takeEarlierExceptions, takeExceptions } from "./lists.ts";
import type { LoadedManifest } from "./manifests.ts";
import { type ObjectProof, type ObjectProver, proveAbandoned, proveObject } from "./objects.ts";
import type { SealedDay } from "./range.ts";
import type { Agreement } from "./report.ts";
import type { RowDatabase } from "./rows/database.ts";
import { type BlindSpot, checkDay } from "./rows/day-checks.ts";
import { loadObject } from "./rows/load-object.ts";
import { checkManifestCounts } from "./rows/manifest-counts.ts";
import { compareDay } from "./tables/compare-day.ts";

export interface DayAudit {
  readonly prover: ObjectProver;
  readonly database: RowDatabase;
  readonly workFolder: string;
  /** Keys of objects by their number on the workbench; grows with each object. */
  readonly keys: string[];
  readonly hasTables: boolean;
  /** Key of the manifest whose earlier exceptions are the last that is known of them. */
  readonly newestKey?: string;
  readonly nowMs: number;
  /** Called after each object. */
  onObject(): void;
}

export interface DayResult {
  readonly day: SealedDay;
  readonly proofs: Readonly<Record<ObjectProof, number>>;
  /** Whether the sums of a manifest, by its key, are those of its rows; signatures aside. */
  readonly agreements: ReadonlyMap<string, Agreement>;
}

export async function auditDay(day: SealedDay, audit: DayAudit): Promise<DayResult> {
  const { database, prover, keys } = audit;
  const { findings } = prover;
  const proofs = { read: 0, "by-checksum": 0, expired: 0, off: 0 };
  const blindSpots: BlindSpot[] = [];
  const agreements = new Map<string, Agreement>();
  let areExceptionsRead = true;
  const manifests = day.manifests.map((loaded, number) => ({ number, loaded }));
  for (const { number, loaded } of manifests) {
    let worst: ObjectProof = "read";
    for (const object of loaded.manifest.objects) {
      const proof = await auditObject(object, loaded, number, audit);
      proofs[proof] += 1;
      if (proof !== "read") blindSpots.push(blindSpotOf(object, number));
      if (object.kind === "transactions" && proof !== "read" && worst !== "off") worst = proof;
      audit.onObject();
    }
    agreements.set(loaded.key, worst === "by-checksum" || worst === "expired" ? "unread" : "no");
    await proveAbandoned(loaded, { ...prover, file: fileFor(audit) });
    const taker = { ...prover, database };
    if (!(await takeExceptions(loaded, taker))) areExceptionsRead = false;
    await takeEarlierExceptions(loaded, loaded.key === audit.newestKey, taker);
  }
  warnOf(proofs, day.day, findings);
  const rows = { day: day.day, manifests, blindSpots, keyOf: (number: number) => keys[number] ?? "" };
  const agreed = await checkDay(rows, database, findings);
  await checkManifestCounts(rows, database, findings);
  for (const key of agreed) agreements.set(key, "yes");
  if (audit.hasTables) {
    const unread = blindSpots.filter(({ kind }) => kind === "transactions").map(({ hour }) => hour);
    const { nowMs } = audit;
    await compareDay({ day, database, findings, nowMs, unreadHours: new Set(unread), areExceptionsRead });
  }
  await database.run(`INSERT INTO ids SELECT event_id, object, "row" FROM day_facts WHERE entry = 'fact'`);
  await database.run("DELETE FROM day_facts");
  await database.run("DELETE FROM day_raw");
  return { day, proofs, agreements };
}

async function auditObject(
  object: ArchiveObject,
  loaded: LoadedManifest,
  manifestNumber: number,
  audit: DayAudit,
): Promise<ObjectProof> {
  const { database, prover, keys } = audit;
  const objectNumber = keys.push(object.key) - 1;
  const file = fileFor(audit);
  try {
    const proof = await proveObject(object, loaded, { ...prover, file });
    const place = objectPlace(object.key);
    if (proof !== "read" || place === undefined) return proof;
    const isLoaded = await loadObject({ object, place, file, manifestNumber, objectNumber }, database, prover.findings);
    return isLoaded ? "read" : "off";
  } finally {
    await rm(file, { force: true });
  }
}

/** Another for each object: DuckDB may remember what it read under a name. */
function fileFor({ workFolder, keys }: DayAudit): string {
  return join(workFolder, `object-${keys.length}.parquet`);
}

function blindSpotOf({ key, kind }: ArchiveObject, manifestNumber: number): BlindSpot {
  return { manifestNumber, kind, hour: objectPlace(key)?.hour ?? "" };
}

function warnOf(proofs: DayResult["proofs"], day: string, findings: Findings): void {
  if (proofs["by-checksum"] > 0) {
    const message = `${proofs["by-checksum"]} objects of ${day} are in colder storage: S3's SHA-256 of each is the manifest's, their rows weren't read`;
    findings.warn("read-by-checksum", message, { day });
  }
  if (proofs.expired > 0) {
    findings.warn("expired", `${proofs.expired} objects of ${day} were deleted by the lifecycle, being as old`, {
      day,
    });
  }
}
