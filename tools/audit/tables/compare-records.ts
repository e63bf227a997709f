/** The tables' records of the audited days that no sealed object has, days without a manifest among them. */
import { limits } from "../../../config/limits.ts";
import { addDays, dayOf } from "../../../lambdas/shared/domain/archive/days.ts";
import { dayMs, lastDueDay } from "../days.ts";
import type { Findings } from "../findings.ts";
import type { CheckedRange, Range } from "../range.ts";
import type { RowDatabase } from "../rows/database.ts";

/** A run starts every 24 hours and may take its time: what was finished before it should be in an addendum by now. */
const slackMs = 6 * 60 * 60 * 1000;
/** Days beyond the window of duplicates are looked at for what came late once in so many days (archive-plan). */
const olderDaysTurn = 30;

export interface RecordsToCompare {
  readonly checked: CheckedRange;
  readonly asked: { readonly to?: string };
  /** With the ids of all archived facts of the range. */
  readonly database: RowDatabase;
  readonly findings: Findings;
  readonly nowMs: number;
}

/** Finished events and released facts, wherever in the audited days they should be. */
export async function compareRecords({ checked, asked, database, findings, nowMs }: RecordsToCompare): Promise<void> {
  const { range, days } = checked;
  if (range === undefined) return;
  const sealed = new Set(days.map(({ day }) => day));
  const due = lastDueDay(nowMs);
  const isExpected = (day: string) => sealed.has(day) || day <= due;
  const lost = new Set<string>();
  const off = (code: "event-not-archived" | "fact-not-archived", day: string, message: string) => {
    findings.off(code, message, { day });
    if (!sealed.has(day)) lost.add(day);
  };
  for (const row of await finishedEvents(database, range)) {
    const { event_id: eventId, status, received_at: receivedAt, completed_at: completedAt, fact_day: factDay } = row;
    const day = String(receivedAt).slice(0, "YYYY-MM-DD".length);
    if (!isExpected(day)) continue;
    const text = `${eventId}, received at ${receivedAt}, is ${status} in processed-webhooks`;
    const isElsewhere = typeof factDay === "string" && (factDay < range.from || factDay > range.to);
    if (isElsewhere) {
      // A resend after the window of duplicates is a new claim of a fact that is booked already, on its first day.
      findings.warn("not-compared", `${text}; its fact is of ${factDay}, which isn't audited here`, { day });
    } else if (String(completedAt ?? "") > new Date(nowMs - addendumWithinMs(day, nowMs)).toISOString()) {
      const message = `${text} since ${completedAt}, after its day's seal: the next run takes it`;
      findings.warn("waiting-for-addendum", message, { day });
    } else {
      off("event-not-archived", day, `${text}, and no sealed object has it`);
    }
  }
  // Being released, they were sealed, whether or not their day is due by now.
  const released = await releasedFacts(database, { ...range, to: asked.to ?? "9999-12-31" });
  for (const { event_id: eventId, transaction_id: transactionId, day } of released) {
    const message = `${eventId} (${transactionId}) was released from transactions as archived, and no sealed object has it`;
    off("fact-not-archived", String(day), message);
  }
  for (const day of lost) sayUnsealed(day, checked, findings);
}

/** How long what is finished late may take until an addendum has it. */
function addendumWithinMs(day: string, nowMs: number): number {
  const isOld = day < addDays(dayOf(nowMs), -limits.dedupWindowDays);
  return (isOld ? olderDaysTurn : 1) * dayMs + slackMs;
}

/** A day after the last sealed one isn't missing by itself: its records are what says that it was to be sealed. */
function sayUnsealed(day: string, { lastSealedDay = "" }: CheckedRange, findings: Findings): void {
  if (day <= lastSealedDay) return;
  const message = `${day} has no manifest, and the tables have finished events or released facts of it: it wasn't sealed in time, or its manifest was deleted`;
  findings.off("day-missing", message, { day });
}

type Row = Readonly<Record<string, unknown>>;

/** Rows of one day that are looked at: beyond so many, nobody reads each. */
const mostOfDay = 1_000;

const unarchived = `t.received_at[:10] BETWEEN $from AND $to
  AND NOT EXISTS (FROM ids i WHERE i.event_id = t.event_id)
  AND NOT EXISTS (FROM unread_hours u WHERE u.day = t.received_at[:10] AND u.hour = t.received_at[12:13])
  QUALIFY row_number() OVER (PARTITION BY t.received_at[:10] ORDER BY t.received_at) <= ${mostOfDay}
  ORDER BY t.received_at, t.event_id`;

function finishedEvents(database: RowDatabase, { from, to }: Range): Promise<readonly Row[]> {
  return database.rows(
    `SELECT t.event_id, t.status, t.received_at, t.completed_at,
       (SELECT max(l.received_at[:10]) FROM ledger l WHERE l.event_id = t.event_id) AS fact_day
     FROM claims t WHERE t.status IN ('COMPLETED', 'SKIPPED') AND ${unarchived}`,
    { from, to },
  );
}

function releasedFacts(database: RowDatabase, { from, to }: Range): Promise<readonly Row[]> {
  return database.rows(
    `SELECT t.event_id, t.transaction_id, t.received_at[:10] AS day
     FROM ledger t WHERE t.is_released AND ${unarchived}`,
    { from, to },
  );
}
