/** Has the days of the traffic sealed and audits them, as it is done on the second day after; then tampers with them. */
import type { ArchiveSum } from "../../config/archive.ts";
import { environments } from "../../config/environments.ts";
import { exportKey } from "../archive/trust-file.ts";
import { type AuditRequest, audit } from "../audit/audit.ts";
import { dayMs } from "../audit/days.ts";
import type { Finding } from "../audit/findings.ts";
import type { AuditReport } from "../audit/report.ts";
import { bucketSource } from "../audit/source/bucket.ts";
import { environmentTables } from "../audit/tables/tables.ts";
import { parseTrust } from "../audit/trust.ts";
import { inWorkFolder } from "../audit/work-folder.ts";
import { bucketNamed } from "./bucket-named.ts";
import type { Stage } from "./play.ts";
import { archivedFacts, archivedManifests } from "./read-archive.ts";
import { runMachine } from "./run-schedule.ts";
import { environment } from "./runtime-arguments.ts";
import { type Tampering, tamperings } from "./tamperings.ts";

export interface ArchiveSeen {
  /** How the executions of daily-archive ended. */
  readonly endings: readonly string[];
  /** Sealed days. */
  readonly days: readonly string[];
  /** Event ids of the facts, one for each row of the objects that manifests name. */
  readonly facts: readonly string[];
  /** As the manifests say, day by day. */
  readonly sums: readonly ArchiveSum[];
  /** What the audit of the untouched archive found, the tables compared. */
  readonly findings: readonly Finding[];
  readonly tamperings: readonly TamperingSeen[];
}

export interface TamperingSeen extends Omit<Tampering, "tamper"> {
  readonly findings: readonly Finding[];
}

type ArchiveStage = Pick<Stage, "local" | "clients" | "names">;

const { archive: settings } = environments[environment];

/** Nothing may be under way any more: what comes after the seal would be in an addendum. */
export async function sealAndAudit(stage: ArchiveStage): Promise<ArchiveSeen> {
  const { clients, names } = stage;
  const laterMs = secondDayAfter(Date.now());
  // As if it were then: all days that have events are due, also if midnight has passed.
  const endings = await runMachine(stage, {
    schedule: names.schedule("daily-archive"),
    stateMachine: names.stateMachines.dailyArchive,
    atMs: laterMs,
  });
  const bucket = bucketNamed("transaction-audit-logs");
  const source = bucketSource(clients.s3, bucket, "the demo");
  const request = { source, trust: await trustOf(stage), nowMs: laterMs };
  const tables = environmentTables(clients.dynamoDb, names, async () => {});
  const report = await reportOn({ ...request, tables });
  const manifests = await archivedManifests(source);
  const seen: TamperingSeen[] = [];
  for (const { tamper, ...about } of tamperings(clients.s3, bucket, manifests)) {
    const restore = await tamper();
    const { findings } = await reportOn(request);
    await restore();
    seen.push({ ...about, findings });
  }
  return {
    endings,
    days: report.days.map(({ day }) => day),
    facts: await archivedFacts(source, manifests),
    sums: report.sums,
    findings: report.findings,
    tamperings: seen,
  };
}

/** Noon, so that every finished event is old enough for the audit to miss it. */
function secondDayAfter(nowMs: number): number {
  return (Math.floor(nowMs / dayMs) + 2.5) * dayMs;
}

/** The key comes from KMS, never from the archive. */
async function trustOf({ clients, names }: ArchiveStage): Promise<AuditRequest["trust"]> {
  const key = await exportKey(clients.kms, names.kmsAlias("archive-signing"), Date.now());
  const result = parseTrust(JSON.stringify({ keys: [key] }));
  if (result.kind === "problem") throw new Error(`The archive's signing key ${result.problem}.`);
  return result.trust;
}

function reportOn(about: Pick<AuditRequest, "source" | "trust" | "nowMs" | "tables">): Promise<AuditReport> {
  return inWorkFolder((workFolder) =>
    audit({
      ...about,
      expected: { environment },
      isDownload: false,
      expireAfterDays: () => settings.expireAfterDays,
      readsCostly: true,
      workFolder,
      progress: { begin: () => {}, advance: () => {} },
    }),
  );
}
