/** A dashboard as CloudWatch takes it: JSON, with each widget at its place on the grid of 24 columns. */
import type { Dashboard, MetricWidget, Row, Section, Series, Widget } from "./widgets.ts";

const gridColumns = 24;
/** Grid units of a section's text. */
const headingHeight = 3;

interface PlacedWidget {
  readonly type: Widget["kind"];
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: Readonly<Record<string, unknown>>;
}

/**
 * The dashboard's body.
 *
 * @param region where its metrics are
 * @throws Error when a row is wider than the grid
 */
export function dashboardBody({ start, periods, sections }: Dashboard, region: string) {
  const widgets: PlacedWidget[] = [];
  let y = 0;
  for (const { height, widgets: row } of sections.flatMap(rowsOf)) {
    let x = 0;
    for (const [width, widget] of row) {
      if (x + width > gridColumns) throw new Error(`a row at ${y} is wider than ${gridColumns} columns`);
      widgets.push({ type: widget.kind, x, y, width, height, properties: propertiesOf(widget, region) });
      x += width;
    }
    y += height;
  }
  return { start, periodOverride: periods === "as written" ? "inherit" : "auto", widgets };
}

function rowsOf({ heading, meaning, rows }: Section): readonly Row[] {
  const text: Widget = { kind: "text", markdown: `## ${heading}\n\n${meaning}` };
  return [{ height: headingHeight, widgets: [[gridColumns, text]] }, ...rows];
}

function propertiesOf(widget: Widget, region: string): Readonly<Record<string, unknown>> {
  switch (widget.kind) {
    case "text":
      return { markdown: widget.markdown };
    case "alarm":
      return { title: widget.title, alarms: widget.alarmArns, sortBy: "stateUpdatedTimestamp" };
    case "metric":
      return metricProperties(widget, region);
  }
}

const legend = { position: "bottom" } as const;

const views = {
  lines: { view: "timeSeries", stacked: false, legend },
  stacked: { view: "timeSeries", stacked: true, legend },
  bar: { view: "bar", setPeriodToTimeRange: true },
  total: { view: "singleValue", setPeriodToTimeRange: true },
  latest: { view: "singleValue", sparkline: true },
  table: { view: "table", table: { summaryColumns: ["SUM"], stickySummary: true } },
} as const satisfies Record<MetricWidget["view"], object>;

/** Views that have a scale. */
const scaled: ReadonlySet<MetricWidget["view"]> = new Set(["lines", "stacked", "bar"]);

function metricProperties(widget: MetricWidget, region: string): Readonly<Record<string, unknown>> {
  const { title, view, series, periodSeconds, unit, unitOnTheRight, start, marks } = widget;
  const axis = (label: string) => ({ label, min: 0, showUnits: false });
  return {
    title,
    region,
    ...(start !== undefined && { start }),
    ...views[view],
    period: periodSeconds,
    metrics: series.map(metricOf),
    ...(scaled.has(view) && {
      yAxis: { left: axis(unit), ...(unitOnTheRight !== undefined && { right: axis(unitOnTheRight) }) },
    }),
    ...(marks && { annotations: { horizontal: marks } }),
  };
}

/** An entry of a widget's `metrics`, written out. */
function metricOf(series: Series): readonly unknown[] {
  const { label, id, hidden, onTheRight } = series;
  const settings = {
    label,
    ...(id !== undefined && { id }),
    ...(hidden && { visible: false }),
    ...(onTheRight && { yAxis: "right" }),
  };
  if ("expression" in series) return [{ expression: series.expression, ...settings }];
  const { namespace, metricName, dimensions } = series.metric;
  return [namespace, metricName, ...Object.entries(dimensions).flat(), { stat: series.stat, ...settings }];
}
