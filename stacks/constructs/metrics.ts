/** A metric as an alarm or a dashboard asks CloudWatch for it. */
export interface Metric {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** Of the values of a period: their sum, their largest, how many there are, or what 95 of 100 don't exceed. */
export type Statistic = "Sum" | "Maximum" | "SampleCount" | "p95";

export interface MetricStatistic extends Metric {
  readonly statistic: Statistic;
}

/** The arguments of an alarm or a query that say the statistic: CloudWatch has two for it. */
export function statisticArguments(statistic: Statistic) {
  return statistic === "p95" ? { extendedStatistic: statistic } : { statistic };
}
