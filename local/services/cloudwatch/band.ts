/**
 * What is usual for a metric, for ANOMALY_DETECTION_BAND. CloudWatch trains a model on up to two weeks, with the rhythm of
 * days and weeks in it. A laptop has no two weeks: here it is the mean of the hours before, so many standard deviations
 * around. Too little before gives no band, so that an alarm on it has INSUFFICIENT_DATA rather than an opinion.
 */
import type { MathContext, TimeSeries } from "./math/values.ts";

/** Periods before the first one that are looked at, and those with values that it takes. */
const past = { periods: 180, values: 30 } as const;

/** The lower and the upper bound, in this order; none where too little is known. */
export function usualBand(
  series: TimeSeries,
  deviations: number,
  context: MathContext,
  readPast: (context: MathContext) => TimeSeries,
): readonly TimeSeries[] {
  const { startSeconds } = context;
  const before = readPast({
    ...context,
    startSeconds: startSeconds - past.periods * series.periodSeconds,
    endSeconds: startSeconds,
  });
  const values = [...before.points.values()];
  if (values.length < past.values) return [];
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const width = deviations * Math.sqrt(variance);
  return [
    { name: "low", bound: mean - width },
    { name: "high", bound: mean + width },
  ].map(({ name, bound }) => ({
    label: `${series.label} (expected, ${name})`,
    periodSeconds: series.periodSeconds,
    points: new Map([...series.points.keys()].map((second) => [second, bound])),
  }));
}
