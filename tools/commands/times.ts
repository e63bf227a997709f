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
