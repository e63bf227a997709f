/** Where the bars of a trace stand, and which rows are shown at first. */
import type { TraceRow, TraceView } from "../../answers.ts";

/** Longer traces show so many rows until one asks for all. */
export const rowsAtFirst = 40;

interface Bar {
  /** Percent of the trace's time, from its begin. */
  readonly left: number;
  readonly width: number;
  /** It isn't over, and goes on to the edge. */
  readonly isOpen: boolean;
}

export interface PlacedRow {
  readonly row: TraceRow;
  readonly bar: Bar;
}

/** @param isWhole whether all rows are asked for */
export function waterfallOf(
  { rows, tookMs: spanMs }: Pick<TraceView, "rows" | "tookMs">,
  isWhole: boolean,
): readonly PlacedRow[] {
  const shown = isWhole ? rows : firstRows(rows);
  return shown.map((row) => ({ row, bar: barOf(row, spanMs) }));
}

function barOf({ offsetMs, tookMs }: TraceRow, spanMs: number): Bar {
  // Of a trace without an end yet, everything lies at its begin.
  const left = spanMs === 0 ? 0 : percent(offsetMs / spanMs);
  const isOpen = tookMs === undefined;
  const width = isOpen || spanMs === 0 ? 100 - left : Math.min(percent(tookMs / spanMs), 100 - left);
  return { left, width, isOpen };
}

function percent(share: number): number {
  return Math.min(Math.max(share, 0), 1) * 100;
}

/** What went wrong, then what lies least deep, each in its place. */
function firstRows(rows: readonly TraceRow[]): readonly TraceRow[] {
  if (rows.length <= rowsAtFirst) return rows;
  const isWrong = ({ marks }: TraceRow) => (marks.length > 0 ? 0 : 1);
  const chosen = rows.toSorted((one, other) => isWrong(one) - isWrong(other) || one.depth - other.depth);
  const kept = new Set(chosen.slice(0, rowsAtFirst));
  return rows.filter((row) => kept.has(row));
}
