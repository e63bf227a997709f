/** Charts that compare one number per series: big numbers, gauges, bars, a pie. */
import type { MetricWidget, Series } from "../../dashboards/view.ts";
import { colorOf } from "./colors.ts";
import { newest } from "./columns.ts";
import { Legend } from "./legend.tsx";
import { fullNumber, shortNumber } from "./numbers.ts";
import { slicesOf } from "./slices.ts";

interface NumberChartProps {
  readonly widget: MetricWidget;
}

export function SingleValues({ widget }: NumberChartProps) {
  return (
    <dl class="chart-numbers">
      {widget.series.map((series, at) => {
        const value = newest(series);
        return (
          <div class="number" key={series.label}>
            <dt>
              <span class="chart-swatch" style={{ background: colorOf(series, at) }} />
              {series.label}
            </dt>
            <dd title={value === undefined ? "No data" : fullNumber(value)}>
              {value === undefined ? "–" : shortNumber(value)}
            </dd>
            {widget.hasSparkline && <Sparkline series={series} color={colorOf(series, at)} />}
          </div>
        );
      })}
    </dl>
  );
}

/** The course of a number, without a scale: the number above it says what is meant. */
function Sparkline({ series: { times, values }, color }: { readonly series: Series; readonly color: string }) {
  const [first, last] = [times[0] ?? 0, times.at(-1) ?? 0];
  const [lowest, highest] = [Math.min(...values, 0), Math.max(...values, 0)];
  const points = values.map((value, at) => {
    const x = last === first ? 50 : (((times[at] ?? first) - first) / (last - first)) * 100;
    const y = highest === lowest ? 19 : 19 - ((value - lowest) / (highest - lowest)) * 18;
    return `${x.toFixed(2)},${y.toFixed(2)}`;
  });
  return (
    <svg class="chart-sparkline" viewBox="0 0 100 20" preserveAspectRatio="none" aria-hidden="true">
      <polyline points={points.join(" ")} fill="none" stroke={color} vector-effect="non-scaling-stroke" />
    </svg>
  );
}

export function Gauges({ widget }: NumberChartProps) {
  const { min = 0, max = 100 } = widget.axes.left;
  return (
    <div class="chart-bars">
      {widget.series.map((series) => {
        const value = newest(series);
        return (
          <div class="chart-gauge" key={series.label}>
            <span class="chart-bar-label">{series.label}</span>
            <meter min={min} max={max} value={value ?? min} aria-label={series.label} />
            <span class="chart-bar-value">
              {value === undefined ? "–" : `${fullNumber(value)} of ${fullNumber(max)}`}
            </span>
          </div>
        );
      })}
    </div>
  );
}

export function Bars({ widget }: NumberChartProps) {
  const most = Math.max(...widget.series.map((series) => newest(series) ?? 0), 0);
  return (
    <ul class="chart-bars">
      {widget.series.map((series, at) => {
        const value = newest(series);
        const share = most === 0 ? 0 : Math.max(0, value ?? 0) / most;
        return (
          <li class="chart-bar-row" key={series.label}>
            <span class="chart-bar-label">{series.label}</span>
            <span class="chart-bar-track">
              <span class="chart-bar" style={{ width: `${share * 100}%`, background: colorOf(series, at) }} />
            </span>
            <span class="chart-bar-value">{value === undefined ? "–" : fullNumber(value)}</span>
          </li>
        );
      })}
    </ul>
  );
}

export function Pie({ widget }: NumberChartProps) {
  const slices = slicesOf(widget.series.map((series) => newest(series) ?? 0));
  return (
    <div class="chart-pie">
      <svg viewBox="-1 -1 2 2" role="img" aria-label={widget.title}>
        {slices.map(({ path }, at) => {
          const series = widget.series[at];
          return path === "" || series === undefined ? null : (
            <path key={series.label} d={path} style={{ fill: colorOf(series, at) }} />
          );
        })}
      </svg>
      <Legend series={widget.series} />
    </div>
  );
}
