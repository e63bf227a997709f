/** Series as rows and their newest periods as columns: a widget of its own, and every chart's words for its lines. */
import type { Series, Summary, TimeRange } from "../../dashboards/view.ts";
import { fullNumber, timeLabel } from "./numbers.ts";

interface ValueTableProps {
  readonly series: readonly Series[];
  readonly summaries: readonly Summary[];
  readonly range: TimeRange;
}

/** More would be scrolled past. */
const mostPeriods = 60;

const summarize: Readonly<Record<Summary, (values: readonly number[]) => number>> = {
  MIN: (values) => Math.min(...values),
  MAX: (values) => Math.max(...values),
  SUM: (values) => sum(values),
  AVG: (values) => sum(values) / values.length,
};

const titles: Readonly<Record<Summary, string>> = { MIN: "Least", MAX: "Most", SUM: "Sum", AVG: "Average" };

export function ValueTable({ series, summaries, range }: ValueTableProps) {
  const times = [...new Set(series.flatMap((one) => one.times))].toSorted((one, other) => other - one);
  const shown = times.slice(0, mostPeriods);
  const spanSeconds = (range.endMs - range.startMs) / 1_000;
  return (
    <div class="chart-values">
      <table>
        <thead>
          <tr>
            <th scope="col">Series</th>
            {summaries.map((summary) => (
              <th scope="col" class="end" key={summary}>
                {titles[summary]}
              </th>
            ))}
            {shown.map((time) => (
              <th scope="col" class="end" key={time}>
                {timeLabel(time, spanSeconds)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {series.map((one) => (
            <tr key={one.label}>
              <th scope="row">{one.label}</th>
              {summaries.map((summary) => (
                <td class="end number" key={summary}>
                  {one.values.length === 0 ? "–" : fullNumber(summarize[summary](one.values))}
                </td>
              ))}
              {shown.map((time) => (
                <td class="end number" key={time}>
                  {valueAt(one, time)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function valueAt({ times, values }: Series, time: number): string {
  const value = values[times.indexOf(time)];
  return value === undefined ? "–" : fullNumber(value);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
