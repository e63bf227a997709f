import type { PutMetricDataCommandOutput } from "@aws-sdk/client-cloudwatch";
import * as v from "valibot";
import { AwsError } from "../../aws/types.ts";
import { type Operation, readInput } from "../operation.ts";
import { distributionOfStatistics } from "./distribution.ts";
import type { Metric } from "./metrics.ts";
import { type CloudWatchDeps, dimensions, invalidValue, name, time } from "./shared.ts";

const statistics = v.object({ SampleCount: v.number(), Sum: v.number(), Minimum: v.number(), Maximum: v.number() });
const datum = v.object({
  MetricName: name,
  Dimensions: dimensions,
  Timestamp: v.optional(time),
  Value: v.optional(v.number()),
  Values: v.optional(v.pipe(v.array(v.number()), v.maxLength(150))),
  Counts: v.optional(v.array(v.number())),
  StatisticValues: v.optional(statistics),
  Unit: v.optional(v.string()),
});
const input = v.object({ Namespace: name, MetricData: v.pipe(v.array(datum), v.maxLength(1_000)) });

/** Takes values, values with counts, and statistics of values that nobody else knows. */
export function putMetricData({ metrics, now }: CloudWatchDeps): Operation<PutMetricDataCommandOutput> {
  return async (_principal, members) => {
    const { Namespace, MetricData } = readInput(input, members, invalidValue);
    if (Namespace.startsWith("AWS/")) {
      throw new AwsError(
        invalidValue,
        "The value AWS/ for parameter Namespace is invalid: AWS's own services write there.",
      );
    }
    for (const one of MetricData) {
      const id = { namespace: Namespace, name: one.MetricName, dimensions: one.Dimensions };
      recordDatum(metrics.of(id, one.Unit), one, one.Timestamp ?? now());
    }
    return {};
  };
}

function recordDatum(metric: Metric, one: v.InferOutput<typeof datum>, atMs: number): void {
  const { Value, Values, Counts = [], StatisticValues: told } = one;
  if (Value !== undefined) metric.record(Value, atMs);
  else if (Values !== undefined) {
    for (const [index, value] of Values.entries()) metric.record(value, atMs, Counts[index] ?? 1);
  } else if (told !== undefined) {
    const { SampleCount: count, Sum: sum, Minimum: minimum, Maximum: maximum } = told;
    metric.add(distributionOfStatistics({ count, sum, minimum, maximum }), atMs);
  } else {
    throw new AwsError("MissingRequiredParameterException", `${one.MetricName} has neither values nor statistics.`);
  }
}
