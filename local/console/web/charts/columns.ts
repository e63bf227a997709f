/** Series of a chart brought to common times, as uPlot takes them. */
import { timesOf } from "../../dashboards/time-range.ts";
import type { Series, TimeRange } from "../../dashboards/view.ts";

/** null is a hole in the line; undefined is between two points of a series with longer periods, where the line goes on. */
export type Column = (number | null | undefined)[];

export interface Columns {
  /** Epoch seconds. */
  readonly times: number[];
  /** In the order of the series. */
  readonly values: readonly Column[];
}

export function columnsOf(series: readonly Series[], range: TimeRange): Columns {
  const grids = series.map(({ periodSeconds }) => new Set(timesOf(range, periodSeconds)));
  const known = series.map(({ times, values }) => new Map(times.map((time, at) => [time, values[at]])));
  const all = new Set([...grids.flatMap((grid) => [...grid]), ...series.flatMap(({ times }) => times)]);
  const times = [...all].toSorted((one, other) => one - other);
  const values = series.map((_, at) => {
    return times.map((time) => known[at]?.get(time) ?? (grids[at]?.has(time) ? null : undefined));
  });
  return { times, values };
}

/** Each column on top of those before it; a hole counts nothing. */
export function stackColumns(columns: readonly Column[]): readonly Column[] {
  const sums: number[] = [];
  return columns.map((column) =>
    column.map((value, time) => {
      sums[time] = (sums[time] ?? 0) + (value ?? 0);
      return sums[time];
    }),
  );
}

/** The newest value, or undefined where there is none. */
export function newest({ values }: Series): number | undefined {
  return values.at(-1);
}
