/** Events that were accepted and not finished when their day was sealed. */
import type { Findings } from "../findings.ts";
import type { SealedDay } from "../range.ts";
import type { ExceptionReport } from "../report.ts";
import type { RowDatabase } from "../rows/database.ts";

/** What became of the day's exceptions. Without the tables, only what a later addendum has is known. */
export async function exceptionsOf(
  {
    day,
    database,
    findings,
  }: {
    readonly day: SealedDay;
    readonly database: RowDatabase;
    readonly findings: Findings;
  },
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
