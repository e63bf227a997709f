/** A dashboard with its data: each widget asks CloudWatch as AWS's own console does, and fails by itself. */
import type { GetMetricDataInput, MetricDataQuery, MetricDataResult } from "@aws-sdk/client-cloudwatch";
import { askedTogether } from "./asked-together.ts";
import type { DashboardPlan, MetricPlan, PlacedPlan } from "./body.ts";
import { periodOf, wholePeriod } from "./time-range.ts";
import type { AlarmBadge, AlarmState, MetricWidget, PlacedWidget, Series, TimeRange, Widget } from "./view.ts";

/** What dashboards are drawn from. */
export interface DashboardSource {
  /** All pages of GetMetricData. */
  metricData(input: GetMetricDataInput): Promise<readonly MetricDataResult[]>;
  alarms(names: readonly string[]): Promise<readonly AlarmBadge[]>;
  /** Runs a Logs Insights query to its end. */
  logs(
    query: string,
    logGroups: readonly string[],
    range: TimeRange,
  ): Promise<{ readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] }>;
}

export interface RenderOptions {
  readonly range: TimeRange;
  /** Seconds; chosen by the range, or by the dashboard, when absent. */
  readonly period?: number | undefined;
}

interface QueryOptions extends RenderOptions, Pick<DashboardPlan, "isInherited"> {}

export function renderDashboard(
  asked: DashboardSource,
  { widgets, isInherited }: DashboardPlan,
  { range, period }: RenderOptions,
): Promise<readonly PlacedWidget[]> {
  const source: DashboardSource = { ...asked, metricData: askedTogether(asked.metricData) };
  const options: QueryOptions = { range, period, isInherited };
  return Promise.all(
    widgets.map(async (plan): Promise<PlacedWidget> => {
      const { x, y, width, height } = plan;
      const widget = await renderWidget(source, plan, options).catch((error: Error): Widget => {
        return { kind: "problem", title: "title" in plan ? plan.title : "", message: error.message };
      });
      return { x, y, width, height, ...widget };
    }),
  );
}

async function renderWidget(source: DashboardSource, plan: PlacedPlan, options: QueryOptions): Promise<Widget> {
  switch (plan.kind) {
    case "metric":
      return renderMetrics(source, plan, options);
    case "alarms":
      return { kind: "alarms", title: plan.title, alarms: ringingFirst(await source.alarms(plan.alarmNames)) };
    case "log": {
      const { title, query, logGroups } = plan;
      return { kind: "log", title, query, ...(await source.logs(query, logGroups, options.range)) };
    }
    case "text":
      return { kind: "text", markdown: plan.markdown };
    case "problem":
      return { kind: "problem", title: plan.title, message: plan.message };
  }
}

const urgency: readonly AlarmState[] = ["ALARM", "INSUFFICIENT_DATA", "OK"];

function ringingFirst(alarms: readonly AlarmBadge[]): readonly AlarmBadge[] {
  return alarms.toSorted((one, other) => urgency.indexOf(one.state) - urgency.indexOf(other.state));
}

async function renderMetrics(source: DashboardSource, plan: MetricPlan, options: QueryOptions): Promise<MetricWidget> {
  const { endMs } = options.range;
  const own = plan.spanMs === undefined ? undefined : { startMs: endMs - plan.spanMs, endMs };
  const range = own ?? options.range;
  const asked = metricQueries(plan, { ...options, range });
  const results = await source.metricData({
    MetricDataQueries: asked.map(({ query }) => query),
    StartTime: new Date(range.startMs),
    EndTime: new Date(range.endMs),
    ScanBy: "TimestampAscending",
  });
  const { title, chart, isStacked, hasSparkline, axes, levels, summaries } = plan;
  const series = asked.flatMap((one) => seriesOf(results, one));
  return {
    kind: "metric",
    title,
    chart,
    isStacked,
    hasSparkline,
    axes,
    levels,
    summaries,
    ...(own && { range: own }),
    series,
  };
}

export interface AskedSeries extends Pick<Series, "axis" | "color" | "periodSeconds"> {
  readonly query: MetricDataQuery;
}

/** A query per row. A row without an id gets one, since every query needs it. */
function metricQueries(plan: MetricPlan, { range, period, isInherited }: QueryOptions): readonly AskedSeries[] {
  return plan.rows.map(({ metric, options }, row) => {
    const written = options.period ?? plan.period;
    const chosen = plan.isOfWholeRange ? wholePeriod(range) : periodOf({ range, asked: period, written, isInherited });
    const { color, label, visible = true, stat = plan.stat, yAxis = "left", id = `unnamedRow${row}` } = options;
    const query = { Id: id, ReturnData: visible, ...(label === undefined ? {} : { Label: label }) };
    const drawn = { axis: yAxis, ...(color === undefined ? {} : { color }) };
    if (metric === undefined) {
      const { expression = "" } = options;
      const Expression = plan.isOfWholeRange ? withSearchPeriod(expression, chosen) : expression;
      return {
        ...drawn,
        periodSeconds: searchPeriod(Expression) ?? chosen,
        query: { ...query, Expression, Period: chosen },
      };
    }
    const Dimensions = Object.entries(metric.dimensions).map(([Name, Value]) => ({ Name, Value }));
    const Metric = { Namespace: metric.namespace, MetricName: metric.metricName, Dimensions };
    return { ...drawn, periodSeconds: chosen, query: { ...query, MetricStat: { Metric, Period: chosen, Stat: stat } } };
  });
}

/** `SEARCH('…', 'Sum', 300)`: the seconds are of the results' points, whatever the query's own period is. */
const searchCall = /(SEARCH\('[^']*',\s*'[^']*',\s*)(\d+)(\s*\))/g;

function searchPeriod(expression: string): number | undefined {
  const [first] = expression.matchAll(searchCall);
  return first === undefined ? undefined : Number(first[2]);
}

function withSearchPeriod(expression: string, seconds: number): string {
  return expression.replaceAll(searchCall, `$1${seconds}$3`);
}

/** What a query has found: one search gives many results, which have its id in common. */
export function seriesOf(results: readonly MetricDataResult[], { query, ...drawn }: AskedSeries): readonly Series[] {
  return results.filter(({ Id }) => Id === query.Id).map((result) => ({ ...drawn, ...pointsOf(result, query) }));
}

function pointsOf(
  { Label, Timestamps = [], Values = [] }: MetricDataResult,
  { Id = "", Expression }: MetricDataQuery,
): Pick<Series, "label" | "times" | "values"> {
  const points = Timestamps.map((time, at) => ({ time: time.getTime() / 1_000, value: Values[at] ?? Number.NaN }))
    .filter(({ value }) => Number.isFinite(value))
    .toSorted((one, other) => one.time - other.time);
  return {
    label: Label ?? Expression ?? Id,
    times: points.map(({ time }) => time),
    values: points.map(({ value }) => value),
  };
}
