/** What a day's rows have to come to together: against its manifests, and facts against raw rows and decisions. */
import type { ArchiveSum } from "../../../config/archive.ts";
import { type FindingCode, type Findings, spelledOut } from "../findings.ts";
import type { LoadedManifest } from "../manifests.ts";
import type { RowDatabase, Values } from "./database.ts";
import { isoOf } from "./load-object.ts";

/** An hour of a manifest whose objects of a kind weren't all read: what is missed there may be in one of those. */
export interface BlindSpot {
  readonly manifestNumber: number;
  readonly kind: "transactions" | "raw";
  readonly hour: string;
}

export interface DayToCheck {
  readonly day: string;
  /** In the order of the chain, with their numbers on the workbench. */
  readonly manifests: readonly { readonly number: number; readonly loaded: LoadedManifest }[];
  readonly blindSpots: readonly BlindSpot[];
  /** Key of an object by its number. */
  keyOf(objectNumber: number): string;
}

/** @returns keys of the manifests whose sums were recomputed and agree */
export async function checkDay(
  day: DayToCheck,
  database: RowDatabase,
  findings: Findings,
): Promise<ReadonlySet<string>> {
  await database.run("CREATE OR REPLACE TEMP TABLE blind (manifest INTEGER, kind VARCHAR, hour VARCHAR)");
  for (const { manifestNumber, kind, hour } of day.blindSpots) {
    await database.run("INSERT INTO blind VALUES ($manifestNumber, $kind, $hour)", { manifestNumber, kind, hour });
  }
  const agreed = new Set<string>();
  for (const { number, loaded } of day.manifests) {
    const isBlind = day.blindSpots.some((one) => one.manifestNumber === number && one.kind === "transactions");
    // With a part of the rows unread, nothing can be added up; why they weren't read is said already.
    if (isBlind) continue;
    if (await checkTotals(number, loaded, database, findings)) agreed.add(loaded.key);
  }
  for (const rule of rowRules) await checkRule(rule, day, database, findings);
  return agreed;
}

/** Counts, times and sums of one manifest. Facts without a usable amount, and those that repeat another, are in no sum. */
async function checkTotals(
  manifestNumber: number,
  { key, manifest }: LoadedManifest,
  database: RowDatabase,
  findings: Findings,
): Promise<boolean> {
  const at = { day: manifest.day, object: key };
  const [counted] = await database.rows(
    `SELECT CAST(count(*) FILTER (entry = 'fact') AS DOUBLE) AS facts,
            CAST(count(*) FILTER (entry = 'decision') AS DOUBLE) AS decisions,
            CAST(min(received_ms) AS DOUBLE) AS first, CAST(max(received_ms) AS DOUBLE) AS last
     FROM day_facts WHERE manifest = $manifestNumber`,
    { manifestNumber },
  );
  const actualCounts = `${counted?.facts} facts and ${counted?.decisions} late decisions`;
  const saidCounts = `${manifest.facts} facts and ${manifest.lateDecisions} late decisions`;
  const countsAgree = actualCounts === saidCounts;
  if (!countsAgree) findings.off("count-differs", `${key} says ${saidCounts}; its rows are ${actualCounts}`, at);
  const actualTimes = `${isoOf(counted?.first)} to ${isoOf(counted?.last)}`;
  const saidTimes = `${manifest.firstReceivedAt ?? "none"} to ${manifest.lastReceivedAt ?? "none"}`;
  if (actualTimes !== saidTimes) {
    findings.off("times-differ", `${key} says it was received from ${saidTimes}; its rows from ${actualTimes}`, at);
  }
  const summed = await database.rows(
    `SELECT currency, type, provider, CAST(count(*) AS DOUBLE) AS "rows", CAST(sum(amount_minor) AS VARCHAR) AS amount
     FROM day_facts
     WHERE manifest = $manifestNumber AND entry = 'fact' AND same_fact_as IS NULL
       AND amount_minor IS NOT NULL AND currency IS NOT NULL
     GROUP BY ALL`,
    { manifestNumber },
  );
  const actual = new Map(
    summed.map(({ currency, type, provider, rows, amount }) => [`${currency} ${type} ${provider}`, { rows, amount }]),
  );
  const differences = [
    ...manifest.sums.flatMap((sum) => differenceOf(sum, actual.get(groupOf(sum)))),
    ...[...actual.keys()]
      .filter((group) => !manifest.sums.some((sum) => groupOf(sum) === group))
      .map((group) => `${group}: the rows come to ${actual.get(group)?.amount}, and there is no sum of them`),
  ];
  const groups = manifest.sums.map(groupOf);
  if (new Set(groups).size < groups.length) differences.push("a sum is there twice");
  for (const difference of differences) {
    findings.off("sum-differs", `${key}: ${difference}`, at);
  }
  return countsAgree && differences.length === 0;
}

function groupOf({ currency, type, provider }: ArchiveSum): string {
  return `${currency} ${type} ${provider}`;
}

function differenceOf(said: ArchiveSum, actual: { readonly rows: unknown; readonly amount: unknown } | undefined) {
  const { rows = 0, amount = "0" } = actual ?? {};
  if (amount === said.amountMinor && rows === said.rows) return [];
  return [
    `${groupOf(said)}: ${rows} rows come to ${amount} minor units; the manifest says ${said.rows} rows and ${said.amountMinor}`,
  ];
}

interface DayRule {
  readonly code: FindingCode;
  /** Broken rows: object, row, event_id, and `said` where it is told. */
  readonly sql: string;
  says(said: string): string;
}

/** Rows of a manifest's hour whose counterparts weren't all read are left out: they would be said to be missing. */
function sighted(table: string, kind: "transactions" | "raw"): string {
  return `NOT EXISTS (FROM blind b WHERE b.manifest = ${table}.manifest AND b.hour = ${table}.hour AND b.kind = '${kind}')`;
}

const rowRules: readonly DayRule[] = [
  {
    code: "raw-missing",
    sql: `SELECT f.object, f.row, f.event_id, NULL AS said FROM day_facts f
          WHERE f.entry = 'fact' AND ${sighted("f", "raw")}
            AND NOT EXISTS (FROM day_raw r WHERE r.manifest = f.manifest AND r.event_id = f.event_id)`,
    says: () => "has no raw row with the bytes that came",
  },
  {
    code: "raw-orphan",
    sql: `SELECT r.object, r.row, r.event_id, NULL AS said FROM day_raw r
          WHERE ${sighted("r", "transactions")}
            AND NOT EXISTS (FROM day_facts f
              WHERE f.manifest = r.manifest AND f.event_id = r.event_id AND f.entry = 'fact')`,
    says: () => "belongs to no fact",
  },
  {
    code: "raw-twice",
    sql: `SELECT min_by(r.object, r.row) AS object, min(r.row) AS "row", r.event_id, CAST(count(*) AS VARCHAR) AS said
          FROM day_raw r GROUP BY r.event_id HAVING count(*) > 1`,
    says: (said) => `has ${said} raw rows`,
  },
  {
    code: "raw-differs",
    sql: `SELECT f.object, f.row, f.event_id, r.sha256 AS said FROM day_facts f
          JOIN day_raw r ON r.manifest = f.manifest AND r.event_id = f.event_id
          WHERE f.entry = 'fact' AND f.raw_sha256 IS DISTINCT FROM r.sha256`,
    says: (said) => `has a raw row of another body, with the SHA-256 ${said}`,
  },
  {
    code: "decision-orphan",
    sql: `SELECT d.object, d.row, d.event_id, NULL AS said FROM day_facts d
          WHERE d.entry = 'decision' AND NOT EXISTS (FROM blind b WHERE b.kind = 'transactions')
            AND NOT EXISTS (FROM day_facts f
              WHERE f.entry = 'fact' AND f.event_id = d.event_id AND f.decision IS NULL)`,
    says: () => "is a late decision of no fact of this day that waited for one",
  },
  {
    code: "decision-orphan",
    sql: `SELECT min_by(d.object, d.row) AS object, min(d.row) AS "row", d.event_id, CAST(count(*) AS VARCHAR) AS said
          FROM day_facts d WHERE d.entry = 'decision' GROUP BY d.event_id HAVING count(*) > 1`,
    says: (said) => `has ${said} late decisions`,
  },
];

async function checkRule(rule: DayRule, day: DayToCheck, database: RowDatabase, findings: Findings): Promise<void> {
  const values: Values = {};
  const broken = await database.rows(
    `SELECT object, CAST("row" AS DOUBLE) AS "row", event_id, said, CAST(count(*) OVER () AS DOUBLE) AS total
     FROM (${rule.sql}) ORDER BY 1, 2 LIMIT ${spelledOut}`,
    values,
  );
  for (const { object, row, event_id, said, total } of broken) {
    const key = day.keyOf(Number(object));
    const many = Number(total) > spelledOut ? ` (one of ${total})` : "";
    findings.off(rule.code, `${key}, row ${row}: ${event_id} ${rule.says(String(said))}${many}`, {
      day: day.day,
      object: key,
      row: Number(row),
    });
  }
}
