/** A day's archived rows against what the tables say of it. */
import { dayMs } from "../days.ts";
import { type FindingCode, type Findings, spelledOut } from "../findings.ts";
import type { SealedDay } from "../range.ts";
import type { ExceptionReport } from "../report.ts";
import type { RowDatabase } from "../rows/database.ts";

/** A run starts every 24 hours and may take its time: what was finished before it should be in an addendum by now. */
const addendumWithinMs = dayMs + 6 * 60 * 60 * 1000;

export interface DayToCompare {
  readonly day: SealedDay;
  readonly database: RowDatabase;
  readonly findings: Findings;
  readonly nowMs: number;
  /** Hours with objects whose facts weren't read: what is missed may be in those. */
  readonly unreadHours: ReadonlySet<string>;
}

/** Finished events without a fact, facts that say something else, and released facts that no object has. */
export async function compareDay(compare: DayToCompare): Promise<void> {
  const { database, day, findings, unreadHours } = compare;
  if (unreadHours.size > 0) {
    const message = `Rows of ${unreadHours.size} hours of ${day.day} weren't all read, so the tables' events of those hours couldn't be looked for`;
    findings.warn("not-compared", message, { day: day.day });
  }
  const archived = "EXISTS (FROM day_facts f WHERE f.entry = 'fact' AND f.event_id = t.event_id)";
  const finished = await database.rows(
    `SELECT event_id, status, received_at, completed_at FROM claims t
     WHERE received_at[:10] = $day AND status IN ('COMPLETED', 'SKIPPED') AND NOT ${archived}
       AND received_at[12:13] NOT IN ${hourList(unreadHours)}
     ORDER BY received_at LIMIT 100000`,
    { day: day.day },
  );
  const sinceIso = new Date(compare.nowMs - addendumWithinMs).toISOString();
  for (const { event_id: eventId, status, received_at: receivedAt, completed_at: completedAt } of finished) {
    const text = `${eventId}, received at ${receivedAt}, is ${status} in processed-webhooks`;
    if (String(completedAt ?? "") > sinceIso) {
      const message = `${text} since ${completedAt}, after its day's seal: the next run takes it`;
      findings.warn("waiting-for-addendum", message, { day: day.day });
    } else {
      findings.off("event-not-archived", `${text}, and no sealed object has it`, { day: day.day });
    }
  }
  for (const rule of ledgerRules(archived, hourList(unreadHours))) {
    const found = await database.rows(`${rule.sql} LIMIT ${spelledOut + 1}`, { day: day.day });
    for (const row of found) {
      findings.off(rule.code, `${row.event_id} (${row.transaction_id}) ${rule.says(row)}`, { day: day.day });
    }
  }
}

interface LedgerRule {
  readonly code: FindingCode;
  readonly sql: string;
  says(row: Readonly<Record<string, unknown>>): string;
}

function ledgerRules(archived: string, unread: string): readonly LedgerRule[] {
  return [
    {
      code: "fact-not-archived",
      sql: `SELECT event_id, transaction_id FROM ledger t
            WHERE received_at[:10] = $day AND is_released AND NOT ${archived} AND received_at[12:13] NOT IN ${unread}`,
      says: () => "was released from transactions as archived, and no sealed object has it",
    },
    {
      code: "fact-differs",
      sql: `SELECT t.event_id, t.transaction_id,
                   concat_ws(' ', t.type, coalesce(t.amount_minor, 'no amount'), t.currency) AS booked,
                   concat_ws(' ', f.type, coalesce(CAST(f.amount_minor AS VARCHAR), 'no amount'), f.currency) AS archived
            FROM ledger t JOIN day_facts f ON f.event_id = t.event_id AND f.entry = 'fact'
            WHERE t.received_at[:10] = $day
              AND (f.type IS DISTINCT FROM t.type OR f.currency IS DISTINCT FROM t.currency
                OR CAST(f.amount_minor AS VARCHAR) IS DISTINCT FROM t.amount_minor)`,
      says: ({ booked, archived: sealed }) => `is ${booked} in transactions and ${sealed} in the archive`,
    },
  ];
}

/** What became of the day's exceptions. Without the tables, only what a later addendum has is known. */
export async function exceptionsOf(
  { day, database, findings }: Pick<DayToCompare, "day" | "database" | "findings">,
  hasTables: boolean,
): Promise<readonly ExceptionReport[]> {
  const reports: ExceptionReport[] = [];
  for (const { manifest } of day.manifests) {
    for (const { eventId, status, receivedAt } of manifest.exceptions) {
      const [found] = await database.rows(
        `SELECT (SELECT any_value(status) FROM claims WHERE event_id = $eventId) AS status,
                EXISTS (FROM day_facts WHERE entry = 'fact' AND event_id = $eventId) AS is_archived`,
        { eventId },
      );
      const statusNow = found?.status === null || found?.status === undefined ? undefined : String(found.status);
      const outcome = outcomeOf({ isArchived: found?.is_archived === true, statusNow, hasTables });
      if (outcome === "open") {
        const message = `${eventId}, received at ${receivedAt}, was ${status} at the seal and is ${statusNow} now`;
        findings.warn("exception-open", message, { day: day.day });
      }
      const now = statusNow === undefined ? {} : { statusNow };
      reports.push({ day: day.day, eventId, receivedAt, statusThen: status, ...now, outcome });
    }
  }
  return reports;
}

function outcomeOf(known: {
  readonly isArchived: boolean;
  readonly statusNow: string | undefined;
  readonly hasTables: boolean;
}): ExceptionReport["outcome"] {
  const { isArchived, statusNow, hasTables } = known;
  if (statusNow === "COMPLETED" || statusNow === "SKIPPED") return isArchived ? "archived" : "waiting";
  // A fact is recorded before its event is finished: being archived alone doesn't end the exception.
  if (statusNow !== undefined) return "open";
  if (isArchived) return "archived";
  return hasTables ? "forgotten" : "unknown";
}

/** Two digits each; never empty, since SQL knows no empty list. */
function hourList(hours: ReadonlySet<string>): string {
  return `(${["", ...hours].map((hour) => `'${hour}'`).join(", ")})`;
}
