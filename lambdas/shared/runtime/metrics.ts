import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";

export interface MetricOptions {
  /** CloudWatch's. */
  readonly namespace: string;
  /** `service` is the function's key in the manifest. */
  readonly dimensions: Readonly<Record<string, string>> & { readonly service: string };
}

/** Counts for CloudWatch. */
export interface CountMetrics {
  /** Publishes the counts of one run together, by metric name. */
  count(counts: Readonly<Record<string, number>>): void;
}

/**
 * Metrics as lines of the log in CloudWatch's embedded metric format: no call, no permission, and nothing is lost while
 * CloudWatch's API is throttled.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function createMetrics({ namespace, dimensions }: MetricOptions): CountMetrics {
  const { service, ...others } = dimensions;
  const metrics = new Metrics({ namespace, serviceName: service, defaultDimensions: others });
  return {
    count(counts) {
      for (const [name, count] of Object.entries(counts)) metrics.addMetric(name, MetricUnit.Count, count);
      metrics.publishStoredMetrics();
    },
  };
}
