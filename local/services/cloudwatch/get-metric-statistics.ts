import type { GetMetricStatisticsCommandOutput } from "@aws-sdk/client-cloudwatch";
import * as v from "valibot";
import { AwsError } from "../../aws/types.ts";
import { type Operation, readInput } from "../operation.ts";
import { gridStart } from "./math/values.ts";
import { type CloudWatchDeps, dimensions, name, period, time } from "./shared.ts";
import { compileStatistic } from "./statistics.ts";

const input = v.object({
  Namespace: name,
  MetricName: name,
  Dimensions: dimensions,
  StartTime: time,
  EndTime: time,
  Period: period,
  Statistics: v.optional(v.array(v.picklist(["SampleCount", "Average", "Sum", "Minimum", "Maximum"])), []),
  ExtendedStatistics: v.optional(v.array(v.string()), []),
});

/** Values that one call gives at the most. */
const mostDatapoints = 1_440;

/** One metric's statistics; datapoints come oldest first, though AWS promises no order. */
export function getMetricStatistics({ metrics }: CloudWatchDeps): Operation<GetMetricStatisticsCommandOutput> {
  return async (_principal, members) => {
    const request = readInput(input, members);
    const { Namespace: namespace, MetricName, Dimensions, Period: periodSeconds } = request;
    const [start, endSeconds] = [Math.floor(request.StartTime / 1_000), Math.ceil(request.EndTime / 1_000)];
    if ((endSeconds - start) / periodSeconds > mostDatapoints) {
      throw new AwsError(
        "InvalidParameterCombinationException",
        `More than ${mostDatapoints} datapoints are asked for.`,
      );
    }
    const metric = metrics.find({ namespace, name: MetricName, dimensions: Dimensions });
    const startSeconds = gridStart({ startSeconds: start, gridSeconds: 0 }, periodSeconds);
    const plain = request.Statistics.map((statistic) => [statistic, compileStatistic(statistic)] as const);
    const extended = request.ExtendedStatistics.map((statistic) => [statistic, compileStatistic(statistic)] as const);
    const periods = metric === undefined ? [] : metrics.read(metric, { startSeconds, endSeconds, periodSeconds });
    const datapoints = [...periods].map(([second, distribution]) => {
      const values = extended.flatMap(([statistic, compute]) => {
        const value = compute(distribution);
        return value === undefined ? [] : [[statistic, value] as const];
      });
      return {
        Timestamp: new Date(second * 1_000),
        ...Object.fromEntries(plain.map(([statistic, compute]) => [statistic, compute(distribution)])),
        ...(extended.length === 0 ? {} : { ExtendedStatistics: Object.fromEntries(values) }),
        Unit: (metric?.unit ?? "None") as "None",
      };
    });
    return { Label: MetricName, Datapoints: datapoints };
  };
}
