/** Times as options say them. */
import { InvalidArgumentError } from "commander";
import { dayStartMs } from "../audit/days.ts";
import { type Moment, momentOf } from "./moment.ts";

/** A day of the calendar. */
export function dayArgument(value: string): string {
  if (dayStartMs(value) === undefined) throw new InvalidArgumentError("Give a day of the calendar, YYYY-MM-DD.");
  return value;
}

/** A day of the calendar, or a time in UTC. */
export function momentArgument(value: string): Moment {
  const moment = momentOf(value);
  if (moment !== undefined) return moment;
  throw new InvalidArgumentError("Give a day of the calendar, 2026-11-20, or a time in UTC, 2026-11-20T10:00:00Z.");
}

/** A moment as it is at a time of day; epoch milliseconds both. */
export type MomentAt = (nowMs: number) => number;

const agoUnits: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Where a range begins: so long ago (30m, 24h, 7d), a day of the calendar, or a time in UTC. */
export function sinceArgument(value: string): MomentAt {
  const [, count, unit = ""] = /^(\d{1,5})([mhd])$/.exec(value) ?? [];
  const unitMs = agoUnits[unit];
  if (count !== undefined && unitMs !== undefined) return (nowMs) => nowMs - Number(count) * unitMs;
  const moment = momentOf(value);
  if (moment !== undefined) return () => moment.fromMs;
  throw new InvalidArgumentError(
    "Give how long ago (30m, 24h, 7d), a day, 2026-11-20, or a time, 2026-11-20T10:00:00Z.",
  );
}
