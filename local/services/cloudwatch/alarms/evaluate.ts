/** What a metric alarm's datapoints say at a moment. */
import type { MathContext } from "../math/values.ts";
import { isList, isSeries, type MathValue, type TimeSeries } from "../math/values.ts";
import type { Metrics } from "../metrics.ts";
import { evaluateQueries, type MetricQuery } from "../queries.ts";
import { type MetricAlarmConfig, periodSecondsOf } from "./config.ts";
import { type Datapoint, extraPeriods, type Verdict, verdictOf } from "./verdict.ts";

/**
 * The periods end with this moment, as CloudWatch's do with the minute in which it looks.
 * @param speed divides the periods; a period isn't shorter than a second
 * @throws AwsError for an expression that isn't covered
 */
export function evaluateAlarm(config: MetricAlarmConfig, metrics: Metrics, atMs: number, speed: number): Verdict {
  const scaled = (seconds: number) => scaledPeriod(seconds, speed);
  const periodSeconds = scaled(periodSecondsOf(config));
  const endSeconds = Math.floor(atMs / 1_000);
  const context: MathContext = {
    startSeconds: endSeconds - (config.evaluationPeriods + extraPeriods) * periodSeconds,
    endSeconds,
    gridSeconds: endSeconds,
    periodSeconds,
  };
  const queries = config.queries.map((query) => scaledQuery(query, scaled));
  const readQuery = evaluateQueries(metrics, queries, context);
  // With a band for a threshold, that returns data too.
  const watched = queries.find(({ id, returnData }) => returnData && id !== config.thresholdMetricId);
  const series = watched === undefined ? undefined : onlySeries(readQuery(watched.id));
  const { thresholdMetricId } = config;
  const band = thresholdMetricId === undefined ? undefined : bandOf(readQuery(thresholdMetricId));
  const datapoints = [...(series?.points ?? [])].flatMap(([second, value]): Datapoint[] => {
    const threshold = band === undefined ? config.threshold : band(second);
    return threshold === undefined ? [] : [{ second, value, threshold }];
  });
  return verdictOf(config, datapoints);
}

/** Whole seconds, and whole minutes where it is a minute or longer: older values are kept by the minute. */
function scaledPeriod(seconds: number, speed: number): number {
  const exact = seconds / speed;
  const step = exact < 60 ? 1 : 60;
  return Math.max(1, Math.round(exact / step) * step);
}

function scaledQuery(query: MetricQuery, scaled: (seconds: number) => number): MetricQuery {
  const { metric, periodSeconds } = query;
  return {
    ...query,
    periodSeconds: periodSeconds === undefined ? undefined : scaled(periodSeconds),
    metric: metric && { ...metric, periodSeconds: scaled(metric.periodSeconds) },
  };
}

/** An alarm watches one series. A number, as an expression may give, says nothing about a time. */
function onlySeries(value: MathValue): TimeSeries | undefined {
  if (typeof value === "number") return undefined;
  return isSeries(value) ? value : value[0];
}

/** The bounds at a time; undefined while nothing is known of what is usual. */
function bandOf(value: MathValue): (second: number) => readonly [number, number] | undefined {
  const [low, high] = isList(value) ? value : [];
  return (second) => {
    const bounds = [low?.points.get(second), high?.points.get(second)] as const;
    return bounds[0] === undefined || bounds[1] === undefined ? undefined : [bounds[0], bounds[1]];
  };
}
