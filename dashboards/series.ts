/** Short ways to say what widgets and series most often say. */
import type { MetricReference, MetricSeries, MetricWidget, Series, Statistic } from "./widgets.ts";

const minutes = 60;
/** Of widgets whose points adapt to the time range: what they begin with. */
export const fiveMinutes = 5 * minutes;
export const oneHour = 60 * minutes;
export const oneDay = 24 * oneHour;

/** What was counted within a point's period. */
export function sum(label: string, metric: MetricReference, more: Pick<MetricSeries, "id" | "hidden"> = {}) {
  return by("Sum", label, metric, more);
}

/** The highest value within a point's period: of ages, of what waits. */
export function highest(label: string, metric: MetricReference, more: Pick<MetricSeries, "id" | "hidden"> = {}) {
  return by("Maximum", label, metric, more);
}

function by(
  stat: Statistic,
  label: string,
  metric: MetricReference,
  more: Pick<MetricSeries, "id" | "hidden">,
): MetricSeries {
  return { metric, stat, label, ...more };
}

/** Half of the values are below the first, one in a hundred is above the last. */
function percentiles(metric: MetricReference): readonly MetricSeries[] {
  return (["p50", "p95", "p99"] as const).map((stat) => ({ metric, stat, label: stat }));
}

/** One percentile of several metrics. */
export function p95(label: string, metric: MetricReference): MetricSeries {
  return { metric, stat: "p95", label };
}

/** The same, on the scale on the right. */
export function onTheRight(series: MetricSeries): MetricSeries {
  return { ...series, onTheRight: true };
}

type Chart = Pick<MetricWidget, "title" | "unit" | "series"> & Partial<MetricWidget>;

/** Lines over time. */
export function lines(chart: Chart): MetricWidget {
  return { kind: "metric", view: "lines", periodSeconds: fiveMinutes, ...chart };
}

/** Areas over time, on top of each other: parts of a whole. */
export function stacked(chart: Chart): MetricWidget {
  return { ...lines(chart), view: "stacked" };
}

/** One bar per series, for the whole time range. */
export function bars(chart: Chart): MetricWidget {
  return { ...lines(chart), view: "bar" };
}

/** Milliseconds by percentile. */
export function latency(title: string, metric: MetricReference, marks: MetricWidget["marks"] = []): MetricWidget {
  return lines({ title, unit: "milliseconds", series: percentiles(metric), ...(marks.length > 0 && { marks }) });
}

/** The same for the last seven days, whatever time the dashboard shows: for what happens once a day. */
export function inLastWeek(widget: MetricWidget): MetricWidget {
  return { ...widget, start: "-P7D" };
}

/** One number for the whole time range. */
export function total(title: string, series: readonly Series[]): MetricWidget {
  return { kind: "metric", view: "total", title, periodSeconds: fiveMinutes, unit: "count", series };
}

/** The newest value, with a curve below it. */
export function latest(title: string, series: readonly Series[], periodSeconds = fiveMinutes): MetricWidget {
  return { kind: "metric", view: "latest", title, periodSeconds, unit: "count", series };
}
