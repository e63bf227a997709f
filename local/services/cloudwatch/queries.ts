/** The queries of GetMetricData and of alarms: metrics, and expressions over them. */
import { AwsError } from "../../aws/types.ts";
import { usualBand } from "./band.ts";
import { evaluateExpression, seriesOf } from "./math/evaluate.ts";
import { gridStart, isList, isSeries, type MathContext, type MathValue, type TimeSeries } from "./math/values.ts";
import type { Metric, MetricId, Metrics } from "./metrics.ts";
import { compileSearch } from "./search.ts";
import { compileStatistic } from "./statistics.ts";

export interface MetricQuery {
  readonly id: string;
  readonly label?: string | undefined;
  readonly returnData: boolean;
  readonly metric?: MetricStat | undefined;
  readonly expression?: string | undefined;
  readonly periodSeconds?: number | undefined;
}

export interface MetricStat {
  readonly id: MetricId;
  readonly periodSeconds: number;
  /** `Sum`, `p99` */
  readonly statistic: string;
  readonly unit?: string | undefined;
}

/** Metrics that one SEARCH gives at the most. Source: CloudWatch User Guide, "CloudWatch search expression syntax". */
const searchLimit = 500;

/** Statistic of a metric for each period; without values where nobody told any. */
function readStatistic(metrics: Metrics, stat: MetricStat, context: MathContext): TimeSeries {
  const metric = metrics.find(stat.id);
  const isOfUnit = stat.unit === undefined || metric?.unit === undefined || metric.unit === stat.unit;
  return seriesOfMetric(metrics, isOfUnit ? metric : undefined, { ...stat, label: stat.id.name }, context);
}

function seriesOfMetric(
  metrics: Metrics,
  metric: Metric | undefined,
  { statistic, periodSeconds, label }: Pick<MetricStat, "statistic" | "periodSeconds"> & { readonly label: string },
  context: MathContext,
): TimeSeries {
  const compute = compileStatistic(statistic);
  const points = new Map<number, number>();
  if (metric !== undefined) {
    const startSeconds = gridStart(context, periodSeconds);
    const periods = metrics.read(metric, { startSeconds, endSeconds: context.endSeconds, periodSeconds });
    context.reserve?.(periods.size);
    for (const [second, distribution] of periods) {
      const value = compute(distribution);
      if (value !== undefined) points.set(second, value);
    }
  }
  return { label, periodSeconds, points };
}

/**
 * The values of all queries by id, each computed once.
 * @throws AwsError ValidationException for an expression that is wrong or not covered, or queries that need each other
 */
export function evaluateQueries(
  metrics: Metrics,
  queries: readonly MetricQuery[],
  context: MathContext,
): (id: string) => MathValue {
  const byId = new Map(queries.map((query) => [query.id, query]));
  const known = new Map<string, MathValue>();
  const underWay = new Set<string>();

  function compute(id: string): MathValue {
    const query = byId.get(id);
    if (query === undefined)
      throw new AwsError("ValidationException", `Error in expression: there is no query '${id}'`);
    if (query.metric !== undefined) return readStatistic(metrics, query.metric, context);
    if (underWay.has(id)) throw new AwsError("ValidationException", `Error in expression: '${id}' needs itself`);
    underWay.add(id);
    const value = evaluateExpression(query.expression ?? "", {
      ...context,
      readQuery,
      metrics: () =>
        queries.flatMap(({ id: each, metric }) => (metric === undefined ? [] : [[each, onlySeries(readQuery(each))]])),
      search: (what, statistic, periodSeconds) => search(what, statistic, periodSeconds ?? context.periodSeconds),
      band: (each, deviations) => {
        const stat = byId.get(each)?.metric;
        if (stat === undefined)
          throw new AwsError("ValidationException", `Error in expression: '${each}' is no metric`);
        return usualBand(onlySeries(readQuery(each)), deviations, context, (past) =>
          readStatistic(metrics, stat, past),
        );
      },
    });
    underWay.delete(id);
    return value;
  }

  function search(what: string, statistic: string, periodSeconds: number): TimeSeries[] {
    const matches = compileSearch(what);
    const found = [...metrics.all()].filter(matches).slice(0, searchLimit);
    const labelOf = found.length === 1 ? leftOpenBy(what) : differencesOf(found);
    return found.map((metric) =>
      seriesOfMetric(metrics, metric, { statistic, periodSeconds, label: labelOf(metric) }, context),
    );
  }

  function readQuery(id: string): MathValue {
    const value = known.get(id) ?? compute(id);
    known.set(id, value);
    return value;
  }
  return readQuery;
}

function onlySeries(value: MathValue): TimeSeries {
  if (typeof value === "number" || !isSeries(value)) throw new Error("A metric gave something else than a series.");
  return value;
}

/** What a legend calls each of some metrics: the name and the values in which they differ. */
function differencesOf(found: readonly MetricId[]): (metric: MetricId) => string {
  const parts = (metric: MetricId) => [
    metric.name,
    ...Object.entries(metric.dimensions)
      .sort()
      .map(([, value]) => value),
  ];
  const first = parts(found[0] ?? { namespace: "", name: "", dimensions: {} });
  const differing = first.map((_part, index) => found.some((metric) => parts(metric)[index] !== first[index]));
  return (metric) =>
    parts(metric)
      .filter((_part, index) => differing[index] ?? true)
      .join(" ");
}

/** What a legend calls the only metric that a search has found: the values of the dimensions that it left open. */
function leftOpenBy(search: string): (metric: MetricId) => string {
  return ({ dimensions }) =>
    Object.entries(dimensions)
      .sort()
      // One value that is asked for is no news; one of several is.
      .filter(([name, value]) => !search.includes(`${name}="${value}"`) || search.split(`${name}="`).length > 2)
      .map(([, value]) => value)
      .join(" ");
}

/** The series that a query is answered with; several have its label and what they differ in. */
export function answerOf(query: MetricQuery, value: MathValue, context: MathContext): readonly TimeSeries[] {
  const own = query.label ?? (query.metric === undefined ? query.id : undefined);
  return seriesOf(value, context).map((series) => {
    if (!isList(value)) return { ...series, label: own ?? series.label };
    return { ...series, label: query.label === undefined ? series.label : `${query.label} ${series.label}`.trim() };
  });
}
