import type { EnvironmentSettings } from "../../config/environment-settings.ts";
import type { LambdaName } from "../../config/lambdas.ts";
import { metricIn, type SummedMetric, type ValuesFor } from "../../config/metrics.ts";
import type { Names } from "../../config/names.ts";
import type { MetricStatistic, Statistic } from "../constructs/metrics.ts";
import type { Topic } from "../constructs/Topic.ts";

/** What all alarms of an environment are made with. */
export interface Watching {
  readonly names: Names;
  readonly settings: EnvironmentSettings;
  /** Rings a telephone: customers are affected now. */
  readonly pages: Topic;
  /** Sends an e-mail: it is to be seen to, and can wait until morning. */
  readonly tickets: Topic;
}

/** A metric that a function tells of its work: over everything, or of one value of a dimension. */
export function businessMetric<Name extends SummedMetric>(
  { settings }: Watching,
  name: Name,
  statistic: Statistic,
  values?: ValuesFor<Name>,
): MetricStatistic {
  return { ...metricIn(settings.name, name, values), statistic };
}

/** A metric of the webhook API. */
export function apiMetric(
  { names }: Watching,
  metricName: "Count" | "5XXError" | "Latency",
  statistic: Statistic,
): MetricStatistic {
  return { namespace: "AWS/ApiGateway", metricName, dimensions: { ApiName: names.restApi }, statistic };
}

/** A metric of a function. */
export function functionMetric(
  { names }: Watching,
  lambda: LambdaName,
  metricName: "Throttles" | "Duration",
  statistic: Statistic,
): MetricStatistic {
  return { namespace: "AWS/Lambda", metricName, dimensions: { FunctionName: names.lambda(lambda) }, statistic };
}

/** A metric of a queue, by the queue's whole name. */
export function queueMetric(
  queueName: string,
  metricName: "ApproximateAgeOfOldestMessage" | "ApproximateNumberOfMessagesVisible",
): MetricStatistic {
  return { namespace: "AWS/SQS", metricName, dimensions: { QueueName: queueName }, statistic: "Maximum" };
}
