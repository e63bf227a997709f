/** Calendar days in UTC, as YYYY-MM-DD, on which days are to be sealed. */
import { addDays, dayOf } from "../../lambdas/shared/domain/archive/days.ts";

export const dayMs = 24 * 60 * 60 * 1000;
/** A day is sealed two days later, by a schedule at 03:00Z that may take its time. */
const sealDays = 2;
const sealedByMs = 6 * 60 * 60 * 1000;

/** Undefined for what is no day of the calendar, such as 2026-02-30. */
export function dayStartMs(day: string): number | undefined {
  const ms = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(`${day}T00:00:00.000Z`) : Number.NaN;
  return Number.isNaN(ms) || dayOf(ms) !== day ? undefined : ms;
}

/** The newest day that has to be sealed by now. */
export function lastDueDay(nowMs: number): string {
  return addDays(dayOf(nowMs - sealedByMs), -sealDays);
}
