import type { ListMetricsCommandOutput } from "@aws-sdk/client-cloudwatch";
import * as v from "valibot";
import { type Operation, readInput } from "../operation.ts";
import type { MetricId } from "./metrics.ts";
import { type CloudWatchDeps, name, nextToken, pageOf, toSdkMetric } from "./shared.ts";

const input = v.object({
  Namespace: v.optional(name),
  MetricName: v.optional(name),
  Dimensions: v.optional(v.array(v.object({ Name: name, Value: v.optional(v.string()) })), []),
  RecentlyActive: v.optional(v.literal("PT3H")),
  NextToken: nextToken,
});

const pageSize = 500;
const recentMs = 3 * 3_600_000;

/** Metrics that have values, in the order in which they first had one. */
export function listMetrics({ metrics, now }: CloudWatchDeps): Operation<ListMetricsCommandOutput> {
  return async (_principal, members) => {
    const request = readInput(input, members, "InvalidParameterValueException");
    const since = request.RecentlyActive === undefined ? Number.NEGATIVE_INFINITY : now() - recentMs;
    const isWanted = ({ namespace, name: metricName, dimensions }: MetricId) =>
      (request.Namespace ?? namespace) === namespace &&
      (request.MetricName ?? metricName) === metricName &&
      request.Dimensions.every(({ Name, Value }) =>
        Value === undefined ? Object.hasOwn(dimensions, Name) : dimensions[Name] === Value,
      );
    const found = [...metrics.all()].filter((metric) => metric.lastAt >= since && isWanted(metric));
    const { items, next } = pageOf(found, { limit: pageSize, token: request.NextToken });
    return { Metrics: items.map(toSdkMetric), ...next };
  };
}
