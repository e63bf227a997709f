/**
 * What a metric's values of one stretch of time come down to: their statistics, and how often each value occurred, for
 * percentiles. Its memory is bounded: beyond so many different values they are rounded by one per cent at the most.
 */

/** Statistics of some values. Never empty. */
export interface Distribution {
  count: number;
  sum: number;
  minimum: number;
  maximum: number;
  /**
   * Value → how often. Absent while all values are the same, as counts and gauges mostly are; `unknown` once statistics
   * alone were told, as a PutMetricData with StatisticValues does: then there are no percentiles, as on AWS.
   */
  values?: Map<number, number> | "unknown";
  /** Whether the values are rounded. */
  rounded?: true;
}

/** Different values that are kept as they are. */
const exactValues = 128;

/** Bins as of DDSketch (Masson et al., VLDB 2019), whose middle is off by one per cent at the most. */
const relativeError = 0.01;
const growth = (1 + relativeError) / (1 - relativeError);
const logGrowth = Math.log(growth);

function rounded(value: number): number {
  if (value === 0) return 0;
  const bin = Math.ceil(Math.log(Math.abs(value)) / logGrowth);
  return (Math.sign(value) * 2 * growth ** bin) / (growth + 1);
}

/** CloudWatch takes no value beyond ±2^360, so that no sum overflows. Source: MetricDatum in its API Reference. */
export function isInRange(value: number): boolean {
  return Math.abs(value) <= 2 ** 360;
}

export function distributionOf(value: number, count: number): Distribution {
  return { count, sum: value * count, minimum: value, maximum: value };
}

/** Of statistics alone. */
export function distributionOfStatistics(
  statistics: Pick<Distribution, "count" | "sum" | "minimum" | "maximum">,
): Distribution {
  const isOneValue = statistics.minimum === statistics.maximum;
  return isOneValue ? { ...statistics } : { ...statistics, values: "unknown" };
}

/** Adds a value that occurred `count` times. */
export function addValue(to: Distribution, value: number, count: number): void {
  const isSame = value === to.minimum && value === to.maximum;
  if (!isSame) {
    to.values ??= new Map([[to.minimum, to.count]]);
    countValue(to, value, count);
  }
  to.count += count;
  to.sum += value * count;
  if (value < to.minimum) to.minimum = value;
  if (value > to.maximum) to.maximum = value;
}

export function merge(to: Distribution, from: Distribution): void {
  if (from.values === undefined && from.minimum === from.maximum) {
    addValue(to, from.minimum, from.count);
    return;
  }
  if (from.values === "unknown" || to.values === "unknown") to.values = "unknown";
  else {
    to.values ??= new Map([[to.minimum, to.count]]);
    for (const [value, count] of from.values ?? []) countValue(to, value, count);
  }
  to.count += from.count;
  to.sum += from.sum;
  to.minimum = Math.min(to.minimum, from.minimum);
  to.maximum = Math.max(to.maximum, from.maximum);
}

function countValue(to: Distribution, value: number, count: number): void {
  const { values } = to;
  if (values === undefined || values === "unknown") return;
  const key = to.rounded ? rounded(value) : value;
  values.set(key, (values.get(key) ?? 0) + count);
  if (to.rounded || values.size <= exactValues) return;
  const binned = new Map<number, number>();
  for (const [exact, times] of values) {
    const middle = rounded(exact);
    binned.set(middle, (binned.get(middle) ?? 0) + times);
  }
  to.values = binned;
  to.rounded = true;
}

/** The values with their counts, smallest first; undefined where nobody knows them. */
export function valuesOf({ values, minimum, maximum, count }: Distribution): [number, number][] | undefined {
  if (values === "unknown") return undefined;
  if (values === undefined) return [[minimum, count]];
  return [...values]
    .map(([value, times]): [number, number] => [Math.min(maximum, Math.max(minimum, value)), times])
    .sort(([a], [b]) => a - b);
}
