import { type TimeRange, timeRange } from "../../replay/time-range.ts";
import { type Usage, usage } from "../result.ts";

const dayMs = 24 * 60 * 60 * 1000;
const longestDays = 366;

/** What a replay is about, as typed: ids, or a range of first receipts. */
export type Selection =
  | { readonly kind: "ids"; readonly ids: readonly string[] }
  | { readonly kind: "range"; readonly range: TimeRange };

/** A day that begins a range begins with its first moment, one that ends it ends with its last. */
export function readSelection(
  ids: readonly string[],
  { from, to, tier }: { readonly from?: string; readonly to?: string; readonly tier?: string },
  nowMs: number,
): Selection | Usage {
  if (ids.length > 0) {
    const hasRange = [from, to, tier].some((option) => option !== undefined);
    if (hasRange) return usage("Give ids of events, or a range with --from, --to and --tier, not both.");
    return { kind: "ids", ids };
  }
  if (from === undefined) return usage("Say which events: their ids, or a range with --from.");
  const [fromMs, toMs] = [momentOf(from, 0), to === undefined ? nowMs : momentOf(to, dayMs)];
  if (fromMs === undefined || toMs === undefined) {
    return usage("Write --from and --to as a day, 2026-11-20, or as a time in UTC, 2026-11-20T10:00:00Z.");
  }
  if (fromMs >= toMs) return usage("--from must be before --to.");
  if (toMs - fromMs > longestDays * dayMs)
    return usage(`A range has ${longestDays} days at the most: take it in parts.`);
  return { kind: "range", range: timeRange(fromMs, toMs) };
}

function momentOf(text: string, wholeDayMs: number): number | undefined {
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text);
  if (!isDay && !/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z$/.test(text)) return undefined;
  const ms = Date.parse(isDay ? `${text}T00:00:00Z` : text);
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text.slice(0, 10)) return undefined;
  return isDay ? ms + wholeDayMs : ms;
}
