import type { PutMetricDataCommandOutput } from "@aws-sdk/client-cloudwatch";
import * as v from "valibot";
import { AwsError } from "../../aws/types.ts";
import { type Operation, readInput } from "../operation.ts";
import { distributionOfStatistics, isInRange } from "./distribution.ts";
import type { Metric } from "./metrics.ts";
import { type CloudWatchDeps, dimensions, invalidValue, name, time } from "./shared.ts";

const figure = v.pipe(v.number(), v.check(isInRange, "not from -2^360 to 2^360"));
const count = v.pipe(figure, v.minValue(0));
const statistics = v.object({ SampleCount: count, Sum: figure, Minimum: figure, Maximum: figure });
const datum = v.object({
  MetricName: name,
  Dimensions: dimensions,
  Timestamp: v.optional(time),
  Value: v.optional(figure),
  Values: v.optional(v.pipe(v.array(figure), v.maxLength(150))),
  Counts: v.optional(v.array(count)),
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
  const { Value, Values, Counts = [], StatisticValues } = one;
  if (Value !== undefined) metric.record(Value, atMs);
  else if (Values !== undefined) {
    for (const [index, told] of Values.entries()) metric.record(told, atMs, Counts[index] ?? 1);
  } else if (StatisticValues !== undefined) {
    const { SampleCount, Sum: sum, Minimum: minimum, Maximum: maximum } = StatisticValues;
    metric.add(distributionOfStatistics({ count: SampleCount, sum, minimum, maximum }), atMs);
  } else {
    throw new AwsError("MissingRequiredParameterException", `${one.MetricName} has neither values nor statistics.`);
  }
}
