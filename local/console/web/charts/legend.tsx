/** What the colours of a chart stand for, with the values at the cursor or the newest ones. */
import type { Series } from "../../dashboards/view.ts";
import { colorOf } from "./colors.ts";
import { newest } from "./columns.ts";
import { fullNumber } from "./numbers.ts";

interface LegendProps {
  readonly series: readonly Series[];
  /** Labels that aren't shown. */
  readonly hidden?: ReadonlySet<string>;
  onToggle?(label: string): void;
  /** Of the cursor. */
  readonly time?: string;
  /** The value of a series to be shown; the newest when absent. */
  valueAt?(at: number): number | undefined;
}

export function Legend({ series, hidden, onToggle, time, valueAt = (at) => newestOf(series, at) }: LegendProps) {
  return (
    <ul class="chart-legend" aria-label={time === undefined ? "Newest values" : `Values at ${time}`}>
      {series.map(({ label, ...one }, at) => {
        const value = valueAt(at);
        const entry = (
          <>
            <span class="chart-swatch" style={{ background: colorOf(one, at) }} />
            <span class="chart-legend-label">{label}</span>
            <span class="chart-legend-value">{value === undefined ? "–" : fullNumber(value)}</span>
          </>
        );
        return (
          <li key={label}>
            {onToggle === undefined ? (
              <span class="chart-legend-entry">{entry}</span>
            ) : (
              <button
                type="button"
                class="chart-legend-entry"
                aria-pressed={!hidden?.has(label)}
                onClick={() => onToggle(label)}
              >
                {entry}
              </button>
            )}
          </li>
        );
      })}
      {time !== undefined && <li class="chart-legend-time">{time}</li>}
    </ul>
  );
}

function newestOf(series: readonly Series[], at: number): number | undefined {
  const one = series[at];
  return one === undefined ? undefined : newest(one);
}
