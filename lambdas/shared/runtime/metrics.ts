import { Metrics } from "@aws-lambda-powertools/metrics";
import type { LambdaName } from "../../../config/lambdas.ts";
import {
  type DimensionOf,
  type DimensionValue,
  type MetricName,
  type MetricOf,
  metricNamespace,
  metrics,
} from "../../../config/metrics.ts";
import { asError } from "../domain/outcomes.ts";
import type { Log } from "./log.ts";
import { asLines, type Line, type Told } from "./metric-lines.ts";

/** A value of one metric, with the dimensions by which it can be looked at as far as they are known. */
export type Measure<Service extends LambdaName> = {
  [Name in MetricOf<Service>]: {
    readonly name: Name;
    readonly value: number;
    readonly by?: { readonly [Dimension in DimensionOf<Name>]?: DimensionValue<Dimension> | undefined };
  };
}[MetricOf<Service>];

/** What a function counted, by metric name. */
export type Counts<Service extends LambdaName> = Readonly<Partial<Record<MetricOf<Service>, number>>>;

export interface FunctionMetrics<Service extends LambdaName> {
  /**
   * Tells what one invocation has measured: counts and money are added up, durations are told one by one. Never throws,
   * nor does what measures.
   *
   * @param atMs epoch milliseconds of what was measured, where that isn't now; CloudWatch takes none older than 14 days
   */
  publish(measure: () => readonly Measure<Service>[], atMs?: number): void;
  /** Tells counts over everything. Never throws. */
  count(counts: Counts<Service>): void;
}

/**
 * A function's metrics as lines of the log in CloudWatch's embedded metric format: no call, no permission, and nothing is
 * lost while CloudWatch's API is throttled.
 *
 * @param service the function's key in the manifest
 */
export function createMetrics<Service extends LambdaName>(
  service: Service,
  { environment, log }: { readonly environment: string; readonly log: Pick<Log, "error"> },
): FunctionMetrics<Service> {
  const emf = new Metrics({ namespace: metricNamespace, serviceName: service, defaultDimensions: { environment } });

  function publish(measure: () => readonly Told[], atMs: number | undefined): void {
    try {
      for (const line of asLines(measure())) process.stdout.write(`${JSON.stringify(documentOf(line, atMs))}\n`);
    } catch (error) {
      // What a function does is worth more than what is told of it.
      log.error("metrics not told", { error: asError(error) });
    }
  }

  /** Powertools writes one list of dimensions in a document, and the format takes several: here each gets its own. */
  function documentOf({ dimensions, parts }: Line, atMs: number | undefined): object {
    const documents = parts.map(({ sets, metrics: told }) => {
      try {
        for (const set of sets)
          emf.addDimensions(Object.fromEntries(set.map((name) => [name, dimensions[name] ?? ""])));
        for (const { name, values } of told) {
          for (const value of values) emf.addMetric(name, metrics[name].unit, value);
        }
        if (atMs !== undefined) emf.setTimestamp(atMs);
        return emf.serializeMetrics();
      } finally {
        emf.clearMetrics();
        emf.clearDimensions();
      }
    });
    const CloudWatchMetrics = documents.flatMap(({ _aws }) => _aws.CloudWatchMetrics);
    return Object.assign({}, ...documents, { _aws: { ...documents[0]?._aws, CloudWatchMetrics } });
  }

  return {
    publish,
    count: (counts) =>
      publish(() => {
        return (Object.entries(counts) as [MetricName, number][]).map(([name, value]) => ({ name, value }));
      }, undefined),
  };
}
