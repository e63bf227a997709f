import { dayMs, dayStartMs } from "../audit/days.ts";

/** A moment, or a day as a whole, in UTC; epoch milliseconds. */
export interface Moment {
  /** As it was typed. */
  readonly text: string;
  /** Where a range begins with it. */
  readonly fromMs: number;
  /** Where a range ends with it, itself left out: a day is in the range, a moment isn't. */
  readonly toMs: number;
}

/** Reads a day of the calendar, or a time on one down to milliseconds. Undefined for what is neither. */
export function momentOf(text: string): Moment | undefined {
  const [, day = "", time] = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z)?$/.exec(text) ?? [];
  const startMs = dayStartMs(day);
  if (startMs === undefined) return undefined;
  if (time === undefined) return { text, fromMs: startMs, toMs: startMs + dayMs };
  const ms = Date.parse(text);
  // Date.parse takes 24:00, which is the next day's.
  return Number.isNaN(ms) || ms >= startMs + dayMs ? undefined : { text, fromMs: ms, toMs: ms };
}
