/** What a metric alarm watches, as a chart with its threshold. */
import type { MetricAlarm, MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import { type DashboardSource, seriesOf } from "../dashboards/render.ts";
import type { AlarmDetails } from "./view.ts";

/** Periods before those that it evaluates, so that one sees where it comes from. */
const periodsShown = 60;
const leastMs = 60 * 60 * 1_000;

export async function alarmChart(
  source: Pick<DashboardSource, "metricData">,
  alarm: MetricAlarm,
  nowMs: number,
): Promise<NonNullable<AlarmDetails["watched"]>> {
  const queries = queriesOf(alarm);
  const periodSeconds = Math.max(60, ...queries.map(({ Period, MetricStat }) => Period ?? MetricStat?.Period ?? 0));
  const spanMs = Math.max(leastMs, (periodsShown + (alarm.EvaluationPeriods ?? 1)) * periodSeconds * 1_000);
  const range = { startMs: nowMs - spanMs, endMs: nowMs };
  const results = await source.metricData({
    MetricDataQueries: queries,
    StartTime: new Date(range.startMs),
    EndTime: new Date(range.endMs),
    ScanBy: "TimestampAscending",
  });
  const { Threshold } = alarm;
  const threshold = Threshold === undefined ? [] : [{ label: "threshold", value: Threshold, axis: "left" as const }];
  return {
    range,
    widget: {
      kind: "metric",
      title: "What it watches",
      chart: "timeSeries",
      isStacked: false,
      hasSparkline: false,
      axes: { left: {}, right: {} },
      levels: threshold,
      summaries: [],
      series: queries.flatMap((query) => seriesOf(results, { query, axis: "left", periodSeconds })),
    },
  };
}

function queriesOf({
  Metrics,
  MetricName,
  Namespace,
  Dimensions = [],
  Period = 60,
  ...alarm
}: MetricAlarm): MetricDataQuery[] {
  if (Metrics !== undefined && Metrics.length > 0) return Metrics;
  const Stat = alarm.ExtendedStatistic ?? alarm.Statistic ?? "Average";
  return [
    { Id: "watched", Label: MetricName, MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period, Stat } },
  ];
}
