/** CloudWatch inside the runtime: metrics that functions and services tell, to be read, charted and watched. */
import type { Operations } from "../operation.ts";
import { type EmbeddedMetric, embeddedMetrics } from "./embedded.ts";
import { getMetricData } from "./get-metric-data.ts";
import { getMetricStatistics } from "./get-metric-statistics.ts";
import { listMetrics } from "./list-metrics.ts";
import { createMetrics, type Metrics } from "./metrics.ts";
import { putMetricData } from "./put-metric-data.ts";
import type { CloudWatchDeps } from "./shared.ts";

export interface CloudWatchServiceOptions {
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export interface CloudWatchService {
  readonly operations: Operations;
  readonly metrics: Metrics;
  /** Takes the metrics out of log lines, as CloudWatch does when they arrive. */
  readLog(groupName: string, messages: readonly { readonly timestamp: number; readonly message: string }[]): void;
  start(): void;
  stop(): void;
}

const compactEveryMs = 60_000;

export function createCloudWatchService({ now }: CloudWatchServiceOptions): CloudWatchService {
  const metrics = createMetrics({
    now,
    onFull: ({ namespace, name }) =>
      console.error(`There are too many metrics; values of new ones are dropped, ${namespace} ${name} first.`),
  });
  const deps: CloudWatchDeps = { metrics, now };
  let compacting: NodeJS.Timeout | undefined;
  return {
    metrics,
    operations: {
      PutMetricData: putMetricData(deps),
      GetMetricData: getMetricData(deps),
      GetMetricStatistics: getMetricStatistics(deps),
      ListMetrics: listMetrics(deps),
    },
    readLog(_groupName, messages) {
      for (const { message } of messages) for (const told of embeddedMetrics(message)) record(metrics, told);
    },
    start() {
      compacting = setInterval(metrics.compact, compactEveryMs).unref();
    },
    stop: () => clearInterval(compacting),
  };
}

function record(metrics: Metrics, told: EmbeddedMetric): void {
  const metric = metrics.of(told, told.unit);
  for (const value of told.values) metric.record(value, told.atMs);
}
