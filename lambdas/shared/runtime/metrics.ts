import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { LambdaName } from "../../../config/lambdas.ts";
import { type MetricOf, metricNamespace } from "../../../config/metrics.ts";
import { asError } from "../domain/outcomes.ts";
import type { Log } from "./log.ts";

/** What a function counted, by metric name. */
export type Counts<Service extends LambdaName> = Readonly<Partial<Record<MetricOf<Service>, number>>>;

export interface FunctionMetrics<Service extends LambdaName> {
  /** Tells the counts of one run together. Never throws. */
  count(counts: Counts<Service>): void;
}

/**
 * A function's metrics as lines of the log in CloudWatch's embedded metric format: no call, no permission, and nothing is
 * lost while CloudWatch's API is throttled.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 *
 * @param service the function's key in the manifest
 */
export function createMetrics<Service extends LambdaName>(
  service: Service,
  { environment, log }: { readonly environment: string; readonly log: Pick<Log, "error"> },
): FunctionMetrics<Service> {
  const emf = new Metrics({ namespace: metricNamespace, serviceName: service, defaultDimensions: { environment } });
  return {
    count(counts) {
      try {
        for (const [name, count] of Object.entries(counts as Readonly<Record<string, number>>)) {
          emf.addMetric(name, MetricUnit.Count, count);
        }
        emf.publishStoredMetrics();
      } catch (error) {
        // What a function does is worth more than what is told of it.
        log.error("metrics not told", { error: asError(error) });
      }
    },
  };
}
