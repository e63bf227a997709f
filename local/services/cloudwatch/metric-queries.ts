/** Queries as the API and Terraform's alarms have them. */
import * as v from "valibot";
import type { MetricQuery } from "./queries.ts";
import { dimensions, name, period } from "./shared.ts";

const id = v.pipe(v.string(), v.regex(/^[a-z]\w*$/, "an id begins with a small letter"));

const metricStat = v.object({
  Metric: v.object({ Namespace: name, MetricName: name, Dimensions: dimensions }),
  Period: period,
  Stat: v.string(),
  Unit: v.optional(v.string()),
});

/** A member MetricDataQueries of the API. */
export const metricDataQueries = v.pipe(
  v.array(
    v.pipe(
      v.object({
        Id: id,
        MetricStat: v.optional(metricStat),
        Expression: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(2_048))),
        Label: v.optional(v.string()),
        ReturnData: v.optional(v.boolean(), true),
        Period: v.optional(period),
      }),
      v.check(
        ({ MetricStat, Expression }) => (MetricStat === undefined) !== (Expression === undefined),
        "a query has either MetricStat or Expression",
      ),
    ),
  ),
  v.minLength(1),
  v.maxLength(500),
  v.check((queries) => new Set(queries.map(({ Id }) => Id)).size === queries.length, "each id is there once only"),
);

export function queriesOf(queries: v.InferOutput<typeof metricDataQueries>): MetricQuery[] {
  return queries.map(({ Id, MetricStat, Expression, Label, ReturnData, Period }) => ({
    id: Id,
    label: Label,
    returnData: ReturnData,
    expression: Expression,
    periodSeconds: MetricStat?.Period ?? Period,
    metric: MetricStat && {
      id: {
        namespace: MetricStat.Metric.Namespace,
        name: MetricStat.Metric.MetricName,
        dimensions: MetricStat.Metric.Dimensions,
      },
      periodSeconds: MetricStat.Period,
      statistic: MetricStat.Stat,
      unit: MetricStat.Unit,
    },
  }));
}
