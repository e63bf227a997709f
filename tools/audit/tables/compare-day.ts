/** A day's archived rows against what the tables say of them, whatever day the tables have them under. */
import { limits } from "../../../config/limits.ts";
import { dayMs } from "../days.ts";
import { type FindingCode, type Findings, spelledOut } from "../findings.ts";
import type { SealedDay } from "../range.ts";
import type { RowDatabase } from "../rows/database.ts";
import { ledgerDifferences } from "./ledger-differences.ts";

export interface DayToCompare {
  readonly day: SealedDay;
  readonly database: RowDatabase;
  readonly findings: Findings;
  readonly nowMs: number;
  /** Hours with objects whose facts weren't read: what is missed may be in those. */
  readonly unreadHours: ReadonlySet<string>;
  /** Otherwise, nobody knows all that weren't finished at the day's seal. */
  readonly areExceptionsRead: boolean;
}

/** Facts that the tables have otherwise, or should still have and don't; and claims that say their event isn't finished. */
export async function compareDay(compare: DayToCompare): Promise<void> {
  const { database, day, findings, unreadHours, nowMs, areExceptionsRead } = compare;
  if (unreadHours.size > 0) {
    const message = `Rows of ${unreadHours.size} hours of ${day.day} weren't all read, so the tables' events of those hours couldn't be looked for`;
    findings.warn("not-compared", message, { day: day.day });
    for (const hour of unreadHours) {
      await database.run("INSERT INTO unread_hours VALUES ($day, $hour)", { day: day.day, hour });
    }
  }
  await ledgerDifferences(compare);
  const values = {
    claimsSince: BigInt(nowMs - limits.dedupWindowDays * dayMs),
    ledgerSince: BigInt(nowMs - limits.archiveGraceDays * dayMs),
    day: day.day,
    own: JSON.stringify(ownNumbers(day)),
  };
  if (!areExceptionsRead) {
    const message = `Not all exceptions of ${day.day} could be read, so its events that aren't finished couldn't be compared`;
    findings.warn("not-compared", message, { day: day.day });
  }
  for (const { code, sql, says } of rules.filter(({ code }) => areExceptionsRead || code !== "claim-differs")) {
    const found = await database.rows(
      `SELECT *, CAST(count(*) OVER () AS DOUBLE) AS total FROM (${sql}) ORDER BY event_id LIMIT ${spelledOut}`,
      usedIn(sql, values),
    );
    for (const row of found) {
      const many = Number(row.total) > spelledOut ? ` (one of ${row.total})` : "";
      findings.off(code, `${row.event_id} ${says(String(row.status))}${many}`, { day: day.day });
    }
  }
  if (areExceptionsRead) await warnOfUnlisted(compare, values);
}

interface TableRule {
  readonly code: FindingCode;
  readonly sql: string;
  says(status: string): string;
}

const finished = "('COMPLETED', 'SKIPPED')";
const excepted = "(SELECT event_id FROM exceptions WHERE day = $day)";
const own = `(SELECT unnest(from_json($own, '["INTEGER"]')))`;

/** Records live for so long after their last change that one which is gone earlier was deleted. */
const rules: readonly TableRule[] = [
  {
    code: "claim-missing",
    sql: `SELECT f.event_id, NULL AS status FROM day_facts f
          WHERE f.entry = 'fact' AND f.received_ms > $claimsSince
            AND NOT EXISTS (FROM claims c WHERE c.event_id = f.event_id)`,
    says: () =>
      `is archived, and processed-webhooks, which keeps its records for ${limits.dedupWindowDays} days, doesn't have it`,
  },
  {
    code: "claim-differs",
    sql: `SELECT f.event_id, c.status FROM day_facts f JOIN claims c ON c.event_id = f.event_id
          WHERE f.entry = 'fact' AND f.received_ms > $claimsSince AND f.manifest IN ${own}
            AND c.status NOT IN ${finished} AND f.event_id NOT IN ${excepted}`,
    says: (status) =>
      `is ${status} in processed-webhooks, and was finished when its day was sealed: it is archived, and no exception`,
  },
  {
    code: "fact-missing",
    sql: `SELECT f.event_id, NULL AS status FROM day_facts f
          WHERE f.entry = 'fact' AND f.received_ms > $ledgerSince
            AND NOT EXISTS (FROM ledger t WHERE t.event_id = f.event_id)`,
    says: () =>
      `is archived, and transactions, which keeps what is sealed for ${limits.archiveGraceDays} days, doesn't have it`,
  },
];

/** Events that were claimed after their day's seal and aren't finished: manifests of later days may list them. */
async function warnOfUnlisted(
  { database, day: { day }, findings }: DayToCompare,
  values: Readonly<Record<string, string | bigint>>,
): Promise<void> {
  const sql = `SELECT c.event_id, c.status, c.received_at FROM claims c
    WHERE c.received_at[:10] = $day AND c.status NOT IN ${finished} AND c.event_id NOT IN ${excepted}
      AND NOT EXISTS (FROM day_facts f
        WHERE f.event_id = c.event_id AND f.entry = 'fact' AND f.manifest IN ${own})
    ORDER BY c.received_at LIMIT 100000`;
  for (const { event_id: eventId, status, received_at: receivedAt } of await database.rows(sql, usedIn(sql, values))) {
    const message = `${eventId}, received at ${receivedAt}, is ${status}, and its own day's manifest doesn't list it: it was claimed after that was sealed`;
    findings.warn("exception-open", message, { day });
  }
}

/** Numbers, on the workbench, of the day's manifests that aren't addenda. */
function ownNumbers({ manifests }: SealedDay): readonly number[] {
  return manifests.flatMap(({ manifest }, number) => (manifest.kind === "day" ? [number] : []));
}

/** DuckDB takes no value that a statement doesn't ask for. */
function usedIn(sql: string, values: Readonly<Record<string, string | bigint>>): Record<string, string | bigint> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => sql.includes(`$${name}`)));
}
