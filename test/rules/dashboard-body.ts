/**
 * What CloudWatch says of a dashboard's body when it is put, and the console when it is drawn, as far as our widgets use it.
 * Source: CloudWatch User Guide, "Dashboard Body Structure and Syntax" and "CloudWatch service quotas".
 */
import { type BodyWidget, type DashboardOf, entriesOf, type MetricEntry, metricOf, settingsOf } from "./dashboards.ts";

const views = ["timeSeries", "singleValue", "gauge", "bar", "pie", "table"];
const statistics = /^(SampleCount|Average|Sum|Minimum|Maximum|p\d{1,2}(\.\d+)?)$/;
/** Before now; without an end, a time range ends now. */
const relativeTime = /^-P(T\d+[MH]|\d+[DWM])$/;
/** Of metric math, what dashboards/widgets.ts allows itself. */
const functions = ["FILL", "PERIOD", "SUM", "SEARCH"];

/** What is wrong with a body, one sentence each. */
export function bodyProblems({ start, periodOverride, widgets }: DashboardOf["body"]): readonly string[] {
  const metricCount = widgets.flatMap(entriesOf).length;
  return [
    ...problem(!relativeTime.test(start), `its start is ${start}`),
    ...problem(!["auto", "inherit"].includes(periodOverride), `its periodOverride is ${periodOverride}`),
    ...problem(widgets.length > 500, `it has ${widgets.length} widgets`),
    ...problem(metricCount > 2_500, `it has ${metricCount} metrics`),
    ...widgets.flatMap((widget, index) => widgetProblems(widget).map((what) => `widget ${index}: ${what}`)),
    ...overlaps(widgets),
  ];
}

function problem(isWrong: boolean, what: string): readonly string[] {
  return isWrong ? [what] : [];
}

function widgetProblems(widget: BodyWidget): readonly string[] {
  const { type, x, y, width, height, properties } = widget;
  const wholes = [x, y, width, height].every((number) => Number.isInteger(number) && number >= 0);
  return [
    ...problem(!wholes || width < 1 || height < 1 || height > 1_000, `its place is ${[x, y, width, height]}`),
    ...problem(x + width > 24, "it doesn't fit the grid of 24 columns"),
    ...kindProblems(type, widget, properties),
  ];
}

function kindProblems(type: string, widget: BodyWidget, properties: BodyWidget["properties"]): readonly string[] {
  switch (type) {
    case "text":
      return problem(typeof properties.markdown !== "string" || properties.markdown === "", "it says nothing");
    case "alarm": {
      const alarms = properties.alarms as readonly string[];
      return problem(alarms.length < 1 || alarms.length > 100, `it has ${alarms.length} alarms`);
    }
    case "metric":
      return metricProblems(widget);
    default:
      return [`its type is ${type}`];
  }
}

function metricProblems(widget: BodyWidget): readonly string[] {
  const { view, region, period, title, start } = widget.properties;
  const entries = entriesOf(widget);
  const searches = entries.filter((entry) => String(settingsOf(entry).expression).includes("SEARCH("));
  const ids = entries.flatMap((entry) => (settingsOf(entry).id === undefined ? [] : [String(settingsOf(entry).id)]));
  return [
    ...problem(!views.includes(String(view)), `its view is ${view}`),
    ...problem(typeof region !== "string" || region === "", "it has no region"),
    ...problem(typeof title !== "string" || title === "", "it has no title"),
    ...problem(
      !Number.isInteger(Number(period)) || Number(period) % 60 !== 0 || Number(period) < 60,
      `period ${period}`,
    ),
    ...problem(start !== undefined && !relativeTime.test(String(start)), `its own start is ${start}`),
    ...problem(entries.length < 1 || entries.length > 500, `it has ${entries.length} metrics`),
    ...problem(searches.length > 5, `it has ${searches.length} searches`),
    ...problem(
      entries.every((entry) => settingsOf(entry).visible === false),
      "all of its series are hidden",
    ),
    ...problem(new Set(ids).size < ids.length, "two of its series have one id"),
    ...ids.filter((id) => !/^[a-z]\w*$/.test(id)).map((id) => `${id} is no id`),
    ...entries.flatMap((entry) => entryProblems(entry, ids)),
  ];
}

function entryProblems(entry: MetricEntry, ids: readonly string[]): readonly string[] {
  const { label, stat, expression, yAxis } = settingsOf(entry);
  const metric = metricOf(entry);
  return [
    ...problem(typeof label !== "string" || label === "", "a series has no label"),
    ...problem(yAxis !== undefined && yAxis !== "right", `a series is on the axis ${yAxis}`),
    ...(metric === undefined
      ? expressionProblems(String(expression), ids)
      : [
          ...problem(!statistics.test(String(stat)), `its statistic is ${stat}`),
          ...problem(entry.length % 2 === 0, `a dimension of ${metric.metricName} has no value`),
        ]),
  ];
}

/** Source for the length: GetMetricData, MetricDataQuery.Expression; for the query's: the syntax of search expressions. */
function expressionProblems(expression: string, ids: readonly string[]): readonly string[] {
  const queries = [...expression.matchAll(/SEARCH\('([^']*)'/g)].map(([, query = ""]) => query);
  const rest = expression.replaceAll(/'[^']*'/g, "''");
  const words = rest.match(/[A-Za-z_]\w*/g) ?? [];
  return [
    ...problem(expression.length > 2_048, `an expression has ${expression.length} characters`),
    ...queries.filter((query) => query.length > 1_024).map((query) => `a search has ${query.length} characters`),
    ...words
      .filter((word) => !functions.includes(word) && !ids.includes(word))
      .map((word) => `${word} is neither a series of the widget nor a function`),
    ...problem(!/^[\w\s+\-*/().,[\]']+$/.test(rest), `${expression} has other characters than metric math`),
    ...problem(!balanced(rest), `${expression} has brackets that don't match`),
  ];
}

function balanced(text: string): boolean {
  const left = text.replaceAll(/[^()[\]]/g, "");
  const without = left.replaceAll(/\(\)|\[\]/g, "");
  return left === "" || (without !== left && balanced(without));
}

function overlaps(widgets: readonly BodyWidget[]): readonly string[] {
  return widgets.flatMap((one, index) =>
    widgets
      .slice(index + 1)
      .filter((other) => isBeside(one, other) && isBeside(turned(one), turned(other)))
      .map((other) => `widgets at ${one.x},${one.y} and ${other.x},${other.y} overlap`),
  );
}

/** Whether they share a column. */
function isBeside(one: BodyWidget, other: BodyWidget): boolean {
  return one.x < other.x + other.width && other.x < one.x + one.width;
}

const turned = (widget: BodyWidget): BodyWidget => ({
  ...widget,
  x: widget.y,
  y: widget.x,
  width: widget.height,
  height: widget.width,
});
