import type { GetMetricDataCommandOutput } from "@aws-sdk/client-cloudwatch";
import * as v from "valibot";
import { AwsError } from "../../aws/types.ts";
import { type Operation, readInput } from "../operation.ts";
import type { MathContext, TimeSeries } from "./math/values.ts";
import { metricDataQueries, queriesOf } from "./metric-queries.ts";
import { answerOf, evaluateQueries } from "./queries.ts";
import { type CloudWatchDeps, nextToken, time } from "./shared.ts";

const input = v.object({
  MetricDataQueries: metricDataQueries,
  StartTime: time,
  EndTime: time,
  NextToken: nextToken,
  ScanBy: v.optional(v.picklist(["TimestampAscending", "TimestampDescending"]), "TimestampDescending"),
  MaxDatapoints: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100_800)), 100_800),
});

/**
 * Values that the queries of a call may come to, also those that only expressions read: three times what an answer may
 * hold, so that no call keeps the runtime from everything else for long.
 */
const mostValues = 302_400;

/** All values at once: an answer is never paged here, and a range with too many values is refused. */
export function getMetricData({ metrics }: CloudWatchDeps): Operation<GetMetricDataCommandOutput> {
  return async (_principal, members) => {
    const request = readInput(input, members);
    if (request.StartTime >= request.EndTime) {
      throw new AwsError("ValidationException", "The parameter StartTime must be less than the parameter EndTime.");
    }
    const queries = queriesOf(request.MetricDataQueries);
    const periods = queries.flatMap(({ periodSeconds }) => periodSeconds ?? []);
    let reserved = 0;
    const context: MathContext = {
      startSeconds: Math.floor(request.StartTime / 1_000),
      endSeconds: Math.ceil(request.EndTime / 1_000),
      gridSeconds: 0,
      periodSeconds: periods.length === 0 ? 300 : Math.min(...periods),
      reserve(values) {
        reserved += values;
        if (reserved > mostValues) throw tooMany(`The queries come to more than ${mostValues} values`);
      },
    };
    const finest = (context.endSeconds - context.startSeconds) / context.periodSeconds;
    if (finest > request.MaxDatapoints) throw tooMany("The range has more periods than MaxDatapoints");
    const readQuery = evaluateQueries(metrics, queries, context);
    const results = queries.flatMap((query) => {
      const value = readQuery(query.id);
      if (!query.returnData) return [];
      return answerOf(query, value, context).map((series) => resultOf(query.id, series, request.ScanBy));
    });
    if (results.reduce((sum, { Values }) => sum + Values.length, 0) > request.MaxDatapoints) {
      throw tooMany("The answer has more values than MaxDatapoints");
    }
    return { MetricDataResults: results, Messages: [] };
  };
}

function tooMany(what: string): AwsError {
  return new AwsError("ValidationException", `${what}: choose longer periods, a shorter range or fewer queries.`);
}

function resultOf(Id: string, { label, points }: TimeSeries, scanBy: string) {
  const ascending = [...points];
  const ordered = scanBy === "TimestampAscending" ? ascending : ascending.reverse();
  return {
    Id,
    Label: label,
    Timestamps: ordered.map(([second]) => new Date(second * 1_000)),
    Values: ordered.map(([, value]) => value),
    StatusCode: "Complete" as const,
  };
}
