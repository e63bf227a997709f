/** Puts together what the parts of an audit found. */
import type { ArchiveSum, Manifest } from "../../config/archive.ts";
import type { DayResult } from "./day.ts";
import { countOf, type Finding, type Findings } from "./findings.ts";
import type { LoadedManifest, LoadedManifests } from "./manifests.ts";
import type { CheckedRange } from "./range.ts";
import type { Agreement, AuditReport, DayCounts, DayReport, DaySum, TablesReport } from "./report.ts";

export interface AuditedArchive {
  readonly nowMs: number;
  readonly place: string;
  readonly loaded: LoadedManifests;
  readonly checked: CheckedRange;
  readonly days: readonly DayResult[];
  readonly judged: Pick<AuditReport, "exceptions" | "outcomes">;
  readonly findings: Findings;
  readonly tables?: TablesReport;
}

export function reportOf({
  nowMs,
  place,
  loaded,
  checked,
  days,
  judged,
  findings,
  tables,
}: AuditedArchive): AuditReport {
  const found = findings.all();
  const { manifests } = loaded;
  const dayReports = days.map((day) => dayReport(day, found.findings));
  const head = manifests.at(-1);
  return {
    version: 1,
    auditedAt: new Date(nowMs).toISOString(),
    place,
    environments: [...new Set(manifests.map(({ manifest }) => manifest.environment))],
    isProven: found.findings.length === 0,
    ...(checked.range === undefined ? {} : { range: checked.range }),
    chain: {
      manifests: manifests.length,
      addenda: manifests.filter(({ manifest }) => manifest.kind === "addendum").length,
      ...(checked.lastSealedDay === undefined ? {} : { lastSealedDay: checked.lastSealedDay }),
      ...(head === undefined ? {} : { head: headOf(head) }),
    },
    keys: keysOf(manifests),
    totals: { days: dayReports.length, ...totalOf(dayReports) },
    days: dayReports,
    sums: days.flatMap(sumsOf),
    ...found,
    ...judged,
    ...(tables === undefined ? {} : { tables }),
  };
}

function headOf({ key, sha256, manifest }: LoadedManifest) {
  const { sequence, sealedAt } = manifest;
  return { key, sequence, sha256, sealedAt };
}

function keysOf(manifests: readonly LoadedManifest[]): AuditReport["keys"] {
  const proven = manifests.filter(({ isProven }) => isProven).map(({ manifest }) => manifest.signingKey);
  return [...Map.groupBy(proven, ({ publicKeySha256 }) => publicKeySha256)].map(([publicKeySha256, uses]) => ({
    publicKeySha256,
    arn: uses[0]?.arn ?? "",
    manifests: uses.length,
  }));
}

function dayReport({ day: { day, manifests }, proofs }: DayResult, findings: readonly Finding[]): DayReport {
  const all = manifests.map(({ manifest }) => manifest);
  const own = all.find(({ kind }) => kind === "day");
  const objects = all.flatMap((manifest) => manifest.objects);
  return {
    day,
    addenda: all.filter(({ kind }) => kind === "addendum").length,
    ...(own === undefined ? {} : { sealedAt: own.sealedAt }),
    objects: objects.length,
    bytes: objects.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    read: proofs.read,
    byChecksum: proofs["by-checksum"],
    expired: proofs.expired,
    unproven: proofs.off,
    facts: all.reduce((sum, { facts }) => sum + facts, 0),
    lateDecisions: all.reduce((sum, { lateDecisions }) => sum + lateDecisions, 0),
    exceptions: all.reduce((sum, manifest) => sum + exceptionsIn(manifest), 0),
    findings: countOf(findings.filter((one) => one.day === day)),
  };
}

function exceptionsIn({ exceptions, exceptionLists = [] }: Manifest): number {
  return exceptionLists.reduce((sum, { entries }) => sum + entries, exceptions.length);
}

function totalOf(days: readonly DayCounts[]): DayCounts {
  const sumOf = (count: (day: DayCounts) => number) => days.reduce((sum, day) => sum + count(day), 0);
  return {
    objects: sumOf((day) => day.objects),
    bytes: sumOf((day) => day.bytes),
    read: sumOf((day) => day.read),
    byChecksum: sumOf((day) => day.byChecksum),
    expired: sumOf((day) => day.expired),
    unproven: sumOf((day) => day.unproven),
    facts: sumOf((day) => day.facts),
    lateDecisions: sumOf((day) => day.lateDecisions),
    exceptions: sumOf((day) => day.exceptions),
  };
}

/** A day's sums with those of its addenda, in the order of currency, type and provider. */
function sumsOf({ day: { day, manifests }, agreements }: DayResult): readonly DaySum[] {
  const parts = manifests.flatMap(({ key, isProven, manifest }) =>
    manifest.sums.map((sum) => ({ sum, agrees: isProven ? (agreements.get(key) ?? "no") : "no" })),
  );
  const groups = Map.groupBy(parts, ({ sum }) => groupOf(sum));
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, group]) => {
      const [first] = group;
      if (first === undefined) return [];
      const { currency, type, provider } = first.sum;
      return [
        {
          day,
          currency,
          type,
          provider,
          rows: group.reduce((rows, { sum }) => rows + sum.rows, 0),
          amountMinor: group.reduce((amount, { sum }) => amount + BigInt(sum.amountMinor), 0n).toString(),
          agrees: worstOf(group.map(({ agrees }) => agrees)),
        },
      ];
    });
}

/** Sums together agree no better than the worst of them. */
export function worstOf(agreements: readonly Agreement[]): Agreement {
  return agreements.find((one) => one === "no") ?? agreements.find((one) => one === "unread") ?? "yes";
}

function groupOf({ currency, type, provider }: ArchiveSum): string {
  return `${currency} ${type} ${provider}`;
}
