/** Events that were accepted and not finished when a seal looked. */
import { type Findings, spelledOut } from "../findings.ts";
import type { AuditReport, ExceptionOutcome, ExceptionReport } from "../report.ts";
import type { RowDatabase } from "../rows/database.ts";

export interface ExceptionsToJudge {
  /** YYYY-MM-DD, both included. */
  readonly asked: { readonly from?: string; readonly to?: string };
  /** With the exceptions of the audited days, what the newest manifest says is open, and the ids of all archived facts. */
  readonly database: RowDatabase;
  readonly findings: Findings;
  /** Without them, what is known is what later addenda have, and what the newest manifest says. */
  readonly hasTables: boolean;
}

/** Beyond so many of one day, nobody reads each. */
const listedOfDay = 1_000;

/** What became of the exceptions: of those of the audited days, and of those that only the newest manifest lists. */
export async function judgeExceptions(judge: ExceptionsToJudge): Promise<Pick<AuditReport, "exceptions" | "outcomes">> {
  const { asked, database, findings, hasTables } = judge;
  const { from = "", to = "9999-12-31" } = asked;
  await database.run(judged, { from, to, hasTables });
  const counted = await database.rows(
    `SELECT outcome, CAST(count(*) AS DOUBLE) AS "count" FROM judged GROUP BY outcome ORDER BY ${worstFirst}`,
  );
  const listed = await database.rows(
    `SELECT *, CAST(count(*) OVER (PARTITION BY day, outcome) AS DOUBLE) AS total FROM judged
     QUALIFY row_number() OVER (PARTITION BY day ORDER BY ${worstFirst}, received_at, event_id) <= ${listedOfDay}
     ORDER BY day, ${worstFirst}, received_at, event_id`,
  );
  for (const row of listed.filter(({ outcome }) => outcome === "open")) {
    const then =
      typeof row.status_now === "string"
        ? `was ${row.status} at the seal and is ${row.status_now} now`
        : `is ${row.last_status} by the newest manifest`;
    const many = Number(row.total) > spelledOut ? ` (one of ${row.total})` : "";
    const message = `${row.event_id}, received at ${row.received_at}, ${then}${many}`;
    findings.warn("exception-open", message, { day: String(row.day) });
  }
  return {
    exceptions: listed.map(reportOf),
    outcomes: Object.fromEntries(counted.map(({ outcome, count }) => [String(outcome), Number(count)])),
  };
}

function reportOf(row: Readonly<Record<string, unknown>>): ExceptionReport {
  return {
    day: String(row.day),
    eventId: String(row.event_id),
    receivedAt: String(row.received_at),
    statusThen: String(row.status),
    ...(typeof row.status_now === "string" && { statusNow: row.status_now }),
    outcome: row.outcome as ExceptionOutcome,
  };
}

const outcomes: readonly ExceptionOutcome[] = ["open", "forgotten", "waiting", "unknown", "archived"];
const worstFirst = `list_position([${outcomes.map((outcome) => `'${outcome}'`).join(", ")}], outcome)`;

/** A fact is recorded before its event is finished: being archived alone doesn't end the exception. */
const judged = `CREATE TABLE judged AS
  WITH told AS (
    FROM exceptions
    UNION ALL
    SELECT s.received_at[:10], s.event_id, s.status, s.received_at FROM still_open s
    WHERE s.received_at[:10] BETWEEN $from AND $to AND NOT EXISTS (FROM exceptions e WHERE e.event_id = s.event_id)
  ), known AS (
    SELECT t.*,
      (SELECT any_value(c.status) FROM claims c WHERE c.event_id = t.event_id) AS status_now,
      (SELECT any_value(s.status) FROM still_open s WHERE s.event_id = t.event_id) AS last_status,
      EXISTS (FROM ids i WHERE i.event_id = t.event_id) AS is_archived
    FROM told t)
  SELECT *, CASE
    WHEN status_now IN ('COMPLETED', 'SKIPPED') THEN CASE WHEN is_archived THEN 'archived' ELSE 'waiting' END
    WHEN status_now IS NOT NULL OR last_status IS NOT NULL THEN 'open'
    WHEN is_archived THEN 'archived'
    WHEN $hasTables THEN 'forgotten'
    ELSE 'unknown' END AS outcome
  FROM known`;
