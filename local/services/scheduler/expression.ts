/** When a schedule goes off. Source: EventBridge Scheduler User Guide, "Schedule types". */
import { compileCron } from "./cron.ts";

const unitMs: Readonly<Record<string, number>> = {
  minute: 60_000,
  hour: 60 * 60_000,
  day: 24 * 60 * 60_000,
};

/** The first moment after another at which it goes off; undefined when it never does again. Epoch milliseconds. */
export type NextTime = (after: number) => number | undefined;

/**
 * `cron(0 3 * * ? *)`, `rate(5 minutes)` counted from `begun`, or `at(2026-11-20T03:00:00)`; all in UTC.
 * @throws Error for an expression that AWS refuses or that isn't covered here
 */
export function compileSchedule(expression: string, begun: number): NextTime {
  const [, kind, inner = ""] = /^(cron|rate|at)\((.*)\)$/.exec(expression) ?? [];
  if (kind === "cron") return compileCron(inner);
  if (kind === "rate") return compileRate(inner, begun);
  const moment = kind === "at" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(inner) ? Date.parse(`${inner}Z`) : Number.NaN;
  if (Number.isNaN(moment)) throw new Error(`"${expression}" is not cron(…), rate(…) or at(yyyy-mm-ddThh:mm:ss)`);
  return (after) => (moment > after ? moment : undefined);
}

function compileRate(inner: string, begun: number): NextTime {
  const [, value = "", unit = ""] = /^([1-9]\d*) (minute|hour|day)s?$/.exec(inner) ?? [];
  const isPlural = inner.endsWith("s");
  if (value === "" || (value === "1") === isPlural) {
    throw new Error(`rate(${inner}): a whole number from 1, and minutes, hours or days; the singular after 1 alone`);
  }
  const periodMs = Number(value) * (unitMs[unit] ?? 0);
  return (after) => begun + Math.max(1, Math.floor((after - begun) / periodMs) + 1) * periodMs;
}
