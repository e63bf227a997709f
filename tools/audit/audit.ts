/** The audit of an archive: reads and never writes, and says of everything that is off where exactly it is. */
import { archivePrefixes } from "../../config/archive.ts";
import { checkChain } from "./chain.ts";
import { auditDay, type DayResult } from "./day.ts";
import { createFindings, type Findings } from "./findings.ts";
import { type ChainHead, checkHead } from "./head.ts";
import { takeEarlierExceptions } from "./lists.ts";
import { type Expected, type LoadedManifest, type LoadedManifests, loadManifests } from "./manifests.ts";
import { checkNames, type Listing, type ObjectProver } from "./objects.ts";
import { type CheckedRange, checkRange } from "./range.ts";
import type { AuditReport } from "./report.ts";
import { reportOf } from "./report-of.ts";
import { openRowDatabase, type RowDatabase } from "./rows/database.ts";
import { checkUniqueness } from "./rows/uniqueness.ts";
import type { ArchiveSource, StoredObject } from "./source/source.ts";
import { compareRecords } from "./tables/compare-records.ts";
import { judgeExceptions } from "./tables/exceptions.ts";
import type { EnvironmentTables } from "./tables/tables.ts";
import { countInRange, type TakenTables, takeTables } from "./tables/take-tables.ts";
import type { Trust } from "./trust.ts";

export interface AuditRequest {
  readonly source: ArchiveSource;
  readonly trust: Trust;
  readonly expected: Expected;
  /** YYYY-MM-DD, both included; without, everything that is sealed. */
  readonly from?: string;
  readonly to?: string;
  /** The newest manifest of an earlier audit: the archive has to have it still. */
  readonly head?: ChainHead;
  readonly nowMs: number;
  /** A download ages no more: its lifecycle ended when its newest manifest was sealed. */
  readonly isDownload: boolean;
  /** Days after which an environment's lifecycle deletes what is in the bucket. */
  expireAfterDays(environment: string | undefined): number;
  /** Reads objects in Infrequent Access and Glacier Instant Retrieval, too, for which S3 charges by the gigabyte. */
  readonly readsCostly: boolean;
  /** The environment's tables, to compare with; absent offline. */
  readonly tables?: EnvironmentTables;
  /** An empty folder for objects and rows on their way. The caller removes it. */
  readonly workFolder: string;
  readonly progress: AuditProgress;
}

export interface AuditProgress {
  /** Without a total, nobody knows how far it is. */
  begin(phase: string, total?: number): void;
  advance(): void;
}

/** @throws when nothing can be listed, a table can't be read, or the temporary folder can't be written */
export async function audit(request: AuditRequest): Promise<AuditReport> {
  const { source, progress, nowMs, workFolder, isDownload } = request;
  const hasTables = request.tables !== undefined;
  // A bucket that can't be listed says so before a table is read for an hour.
  if (hasTables) for await (const _ of source.list("manifests/")) break;
  const database = await openRowDatabase(workFolder);
  try {
    // Before the archive: what a table says to be sealed is listed then, also when a seal is under way.
    const taken = await tablesOf(request, database);
    const findings = createFindings();
    progress.begin("listing");
    const listed = await listObjects(source);
    const loaded = await manifestsOf(listed.manifests, request, findings);
    const environment = loaded.manifests[0]?.manifest.environment;
    const clock = {
      expireAfterDays: request.expireAfterDays(environment),
      nowMs: expiryNowMs(request, loaded.manifests),
    };
    if (request.expected.environment === undefined) checkOneEnvironment(loaded.manifests, findings);
    checkChain({ ...loaded, ...clock, findings });
    if (request.head !== undefined) checkHead(loaded.manifests, request.head, { ...clock, findings });
    const checked = checkRange({ ...loaded, asked: request, findings, nowMs, hasTables });
    const { from = "", to = "9999-12-31" } = request;
    const isInRange = (day: string) => from <= day && day <= to;
    checkNames(loaded, { listing: listed.objects, findings, nowMs, isDownload, isInRange });

    const tables = taken && (await countInRange(taken, checked.range, database));
    const prover = { source, listing: listed.objects, findings, readsCostly: request.readsCostly, ...clock };
    // The tables know better what is open.
    const newest = hasTables ? undefined : newestOf(loaded.manifests);
    const days = await auditDays(checked, { request, prover, database, ...(newest && { newest }) });
    const judged = await judgeExceptions({ asked: request, database, findings, hasTables });
    if (hasTables) await compareRecords({ checked, asked: request, database, findings, nowMs });
    return reportOf({ nowMs, place: source.place, loaded, checked, days, judged, findings, ...(tables && { tables }) });
  } finally {
    database.close();
  }
}

async function listObjects(
  source: ArchiveSource,
): Promise<{ readonly objects: Listing; readonly manifests: readonly StoredObject[] }> {
  const objects = new Map<string, StoredObject>();
  const manifests: StoredObject[] = [];
  for (const prefix of archivePrefixes) {
    for await (const one of source.list(prefix)) {
      if (prefix === "manifests/") manifests.push(one);
      else objects.set(one.key, one);
    }
  }
  return { objects, manifests };
}

async function manifestsOf(
  listed: readonly StoredObject[],
  { source, trust, expected, progress }: AuditRequest,
  findings: Findings,
): Promise<LoadedManifests> {
  progress.begin("manifests", listed.filter(({ key }) => key.endsWith(".json")).length);
  return loadManifests({ source, trust, expected, findings, listed, onLoaded: () => progress.advance() });
}

/** Downloads don't expire: what their lifecycle had deleted by the last seal is all that may be missing. */
function expiryNowMs({ isDownload, nowMs }: AuditRequest, manifests: readonly LoadedManifest[]): number {
  if (!isDownload) return nowMs;
  return Math.max(0, ...manifests.map(({ manifest }) => Date.parse(manifest.sealedAt)));
}

/** Without an environment to expect, the manifests at least have to be of one. */
function checkOneEnvironment(manifests: readonly LoadedManifest[], findings: Findings): void {
  const [first] = manifests;
  for (const { key, manifest } of manifests) {
    if (first === undefined || manifest.environment === first.manifest.environment) continue;
    const message = `${key} was sealed in the environment ${manifest.environment}, ${first.key} in ${first.manifest.environment}`;
    findings.off("environment-mismatch", message, { day: manifest.day, object: key });
  }
}

async function tablesOf({ tables, progress }: AuditRequest, database: RowDatabase): Promise<TakenTables | undefined> {
  if (tables === undefined) return undefined;
  progress.begin("tables");
  return takeTables(tables, database, () => progress.advance());
}

/** The manifest that says last what isn't finished of earlier days; addenda say nothing of it. */
function newestOf(manifests: readonly LoadedManifest[]): LoadedManifest | undefined {
  return manifests.findLast(({ manifest, isProven }) => isProven && manifest.kind === "day");
}

interface DaysToAudit {
  readonly request: AuditRequest;
  readonly prover: ObjectProver;
  readonly database: RowDatabase;
  /** Absent where the tables say what is open. It may be of a day that isn't audited. */
  readonly newest?: LoadedManifest;
}

async function auditDays({ days }: CheckedRange, audit: DaysToAudit): Promise<readonly DayResult[]> {
  const { request, prover, database, newest } = audit;
  const { progress, workFolder, nowMs } = request;
  const keys: string[] = [];
  const results: DayResult[] = [];
  const objects = days.flatMap(({ manifests }) => manifests.flatMap(({ manifest }) => manifest.objects));
  progress.begin("objects", objects.length);
  for (const day of days) {
    const hasTables = request.tables !== undefined;
    const onObject = () => progress.advance();
    const common = { prover, database, workFolder, keys, hasTables, nowMs, onObject };
    results.push(await auditDay(day, { ...common, ...(newest && { newestKey: newest.key }) }));
  }
  const isAudited = days.some(({ manifests }) => newest !== undefined && manifests.includes(newest));
  if (newest !== undefined && !isAudited) await takeEarlierExceptions(newest, true, { ...prover, database });
  progress.begin("event ids");
  await checkUniqueness(database, (objectNumber) => keys[objectNumber] ?? "", prover.findings);
  return results;
}
