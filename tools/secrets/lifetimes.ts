/** When secrets are live. Times are epoch milliseconds. */
import { msOfIso } from "../../lambdas/shared/providers/fields.ts";
import { endOf, isLive, type SecretEntry, startOf } from "../../lambdas/shared/providers/secret-value.ts";

export type Lifetime = "live" | "upcoming" | "ended";

export function lifetimeOf(entry: SecretEntry, nowMs: number): Lifetime {
  if (isLive(entry, nowMs)) return "live";
  const [fromMs, untilMs] = [startOf(entry), endOf(entry)];
  return nowMs < fromMs && fromMs < untilMs ? "upcoming" : "ended";
}

/** The first moment from now on at which none is live; undefined where there is none. */
export function firstGap(entries: readonly SecretEntry[], nowMs: number): number | undefined {
  const ends = entries.map(endOf).filter((endMs) => endMs > nowMs && Number.isFinite(endMs));
  return [nowMs, ...ends.toSorted((a, b) => a - b)].find((atMs) => !entries.some((entry) => isLive(entry, atMs)));
}

/** Whether a change makes a moment without a live secret come earlier, or come at all. */
export function opensGap(before: readonly SecretEntry[], after: readonly SecretEntry[], nowMs: number): boolean {
  const never = Number.POSITIVE_INFINITY;
  return (firstGap(after, nowMs) ?? never) < (firstGap(before, nowMs) ?? never);
}

const minuteMs = 60_000;
const units: Readonly<Record<string, number>> = { m: minuteMs, h: 60 * minuteMs, d: 24 * 60 * minuteMs };

/** A time with its offset (2026-11-20T08:00:00Z), or so long after a moment (30m, 24h, 7d). Undefined for anything else. */
export function momentOf(text: string, afterMs: number): number | undefined {
  const [, count, unit = ""] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  const unitMs = units[unit];
  return count !== undefined && unitMs !== undefined ? afterMs + Number(count) * unitMs : msOfIso(text);
}
