/** Which time a dashboard shows, and in steps of which length. */
import type { TimeRange } from "./view.ts";

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** Points that a chart has at the most, by the period that is chosen for it. */
const mostPoints = 360;
/** CloudWatch's periods for metrics of a minute's resolution, as its own pages offer them. */
const periods = [minute, 5 * minute, 15 * minute, hour, 6 * hour, day] as const;

/** Points of one series that somebody may ask for: those of a week by the minute. CloudWatch refuses ten times as many. */
const mostAskedPoints = 10_080;

interface PeriodChoice {
  readonly range: TimeRange;
  /** What the person chose, in seconds. */
  readonly asked?: number | undefined;
  /** What the widget says, in seconds. */
  readonly written?: number | undefined;
  /** Whether the dashboard wants what its widgets say (`periodOverride` is `inherit`). */
  readonly isInherited: boolean;
}

/**
 * The period of a graph, in seconds: the one that is asked for, else the shortest with which the chart isn't crowded, or
 * what the widget says. A period of an hour or more is part of what a widget tells (a day's sum), so it is never cut.
 */
export function periodOf({ range, asked, written = minute, isInherited }: PeriodChoice): number {
  const fitting = periods.find((period) => secondsOf(range) / period <= mostPoints) ?? day;
  const keeps = written >= hour || (isInherited && asked === undefined);
  return Math.max(asked ?? fitting, keeps ? written : 0);
}

/** The period that was asked for, or the shortest longer one with which the range has no more points than can be drawn. */
export function drawablePeriod(range: TimeRange, asked: number): number {
  const fits = (period: number) => secondsOf(range) / period <= mostAskedPoints;
  return fits(asked) ? asked : (periods.find((period) => period > asked && fits(period)) ?? day);
}

/** One period that covers all of it, for a number that tells of the whole range. */
export function wholePeriod(range: TimeRange): number {
  return Math.max(minute, Math.ceil(secondsOf(range) / minute) * minute);
}

/** The times of all periods in the range, as epoch seconds: CloudWatch begins periods at multiples of themselves. */
export function timesOf(range: TimeRange, periodSeconds: number): readonly number[] {
  const first = Math.floor(range.startMs / 1_000 / periodSeconds);
  const last = Math.ceil(range.endMs / 1_000 / periodSeconds);
  return Array.from({ length: Math.max(0, last - first) }, (_, at) => (first + at) * periodSeconds);
}

/**
 * Milliseconds of an ISO 8601 duration before now, as a dashboard's `start` is written: `-PT3H`, `-P7D`. A month counts
 * 30 days. Undefined where it is none.
 * Source: CloudWatch API Reference, "Dashboard body structure and syntax", `start`.
 */
export function durationMs(text: string): number | undefined {
  const parts = /^-?P(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(text);
  if (parts === null) return undefined;
  const [months = 0, weeks = 0, days = 0, hours = 0, minutes = 0] = parts.slice(1).map((part) => Number(part ?? 0));
  const seconds = (months * 30 + weeks * 7 + days) * day + hours * hour + minutes * minute;
  return seconds > 0 ? seconds * 1_000 : undefined;
}

function secondsOf({ startMs, endMs }: TimeRange): number {
  return (endMs - startMs) / 1_000;
}
