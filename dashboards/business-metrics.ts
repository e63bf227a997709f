/** References to the metrics of config/metrics.ts. */
import { type MetricName, metricNamespace, metrics } from "../config/metrics.ts";
import type { MetricReference, Statistic } from "./widgets.ts";

/** Dimensions that a metric can be looked at by, besides those that every metric has. */
type AddedDimension<Name extends MetricName> = (typeof metrics)[Name]["also"][number][number];

/** What tells one environment's metrics from another's. */
export interface MetricScope {
  readonly environment: string;
}

/**
 * A business metric of an environment: over everything, or of one value of its further dimensions.
 *
 * @throws Error where the metric isn't told by that set of dimensions, since CloudWatch would show nothing.
 */
export function business<Name extends MetricName>(
  { environment }: MetricScope,
  metricName: Name,
  added?: Readonly<Partial<Record<AddedDimension<Name>, string>>>,
): MetricReference {
  checkSet(metricName, Object.keys(added ?? {}));
  const [service] = metrics[metricName].by;
  return { namespace: metricNamespace, metricName, dimensions: { service, environment, ...added } };
}

/**
 * A SEARCH for a metric's series by all values of some dimensions, where no list could name them.
 *
 * @param among further terms, such as `type="payment.succeeded"`
 * @throws Error where the metric isn't told by that set of dimensions, or where CloudWatch takes no query as long
 */
export function searchBusiness<Name extends MetricName>(
  { environment }: MetricScope,
  metricName: Name,
  by: readonly AddedDimension<Name>[],
  {
    stat,
    periodSeconds,
    among = [],
  }: { readonly stat: Statistic; readonly periodSeconds: number; readonly among?: readonly string[] },
): string {
  checkSet(metricName, by);
  const [service] = metrics[metricName].by;
  const schema = [`"${metricNamespace}"`, ...["environment", "service", ...by].sort()].join(",");
  const terms = [`MetricName="${metricName}"`, `environment="${environment}"`, `service="${service}"`, ...among];
  const query = `{${schema}} ${terms.join(" ")}`;
  // Source: CloudWatch User Guide, "CloudWatch search expression syntax".
  if (query.length > 1_024) throw new Error(`a search of ${query.length} characters is too long: ${query}`);
  return `SEARCH('${query}', '${stat}', ${periodSeconds})`;
}

function checkSet(metricName: MetricName, added: readonly string[]): void {
  const sets: readonly (readonly string[])[] = [[], ...metrics[metricName].also];
  const wanted = [...added].sort().join();
  if (!sets.some((set) => [...set].sort().join() === wanted)) {
    throw new Error(`${metricName} isn't told by ${wanted}: add the set to config/metrics.ts, or take another`);
  }
}
