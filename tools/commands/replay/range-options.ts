import { dayMs } from "../../audit/days.ts";
import { type TimeRange, timeRange } from "../../replay/time-range.ts";
import type { Moment } from "../moment.ts";
import { type Usage, usage } from "../result.ts";

const longestDays = 366;

/** What a replay is about, as typed: ids, or a range of first receipts. */
export type Selection =
  | { readonly kind: "ids"; readonly ids: readonly string[] }
  | { readonly kind: "range"; readonly range: TimeRange };

export function readSelection(
  ids: readonly string[],
  { from, to, tier }: { readonly from?: Moment; readonly to?: Moment; readonly tier?: string },
  nowMs: number,
): Selection | Usage {
  if (ids.length > 0) {
    const hasRange = [from, to, tier].some((option) => option !== undefined);
    if (hasRange) return usage("Give ids of events, or a range with --from, --to and --tier, not both.");
    return { kind: "ids", ids };
  }
  if (from === undefined) return usage("Say which events: their ids, or a range with --from.");
  const [fromMs, toMs] = [from.fromMs, to?.toMs ?? nowMs];
  if (fromMs >= toMs) return usage("--from must be before --to.");
  if (toMs - fromMs > longestDays * dayMs)
    return usage(`A range has ${longestDays} days at the most: take it in parts.`);
  return { kind: "range", range: timeRange(fromMs, toMs) };
}
