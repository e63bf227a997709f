/** Metrics of our own, which CloudWatch bills by the combination of a metric with the values of its dimensions. */
import type { LambdaName } from "../../../config/lambdas.ts";
import { type MetricDimension, type MetricSpec, metrics } from "../../../config/metrics.ts";
import { Exact } from "../exact.ts";
import type { Month } from "../month.ts";

/**
 * Functions that tell their metrics once a day. A metric is billed for the hours that have a value of it: "prorated by the
 * hour and metered only when you send metrics to CloudWatch". Source: CloudWatch's pricing page, "Metrics".
 */
const daily: ReadonlySet<string> = new Set<LambdaName>([
  "transaction-archival",
  "archive-seal",
  "dead-letter-copy",
  "webhook-reconciliation",
]);
const hoursADay = 24;

/**
 * Average number of metrics in a month, of the functions that there are. Where a function works all day every combination
 * of values counts for every hour: an upper bound, as some come rarely.
 */
export function customMetrics({ infrastructure, shape }: Pick<Month, "infrastructure" | "shape">): Exact {
  const { activeProviders, dimensionValues, tiers } = shape;
  const values: Readonly<Record<MetricDimension, number>> = {
    ...dimensionValues,
    provider: activeProviders,
    tier: Object.values(tiers).filter((share) => share > 0).length,
  };
  const specs: readonly MetricSpec[] = Object.values(metrics);
  return Exact.sum(
    specs.flatMap(({ by, also, isSummed }) => {
      const ways = also.map((set) => set.reduce((count, dimension) => count * values[dimension], 1));
      const count = [isSummed === false ? 0 : 1, ...ways].reduce((sum, each) => sum + each, 0);
      const deployed = by.filter((service) => infrastructure.functions.some(({ name }) => name === service));
      return deployed.map((service) => Exact.of(count).over(daily.has(service) ? hoursADay : 1));
    }),
  );
}
