/** What the operations share. */
import * as v from "valibot";
import { AwsError } from "../../aws/types.ts";
import type { Alarms } from "./alarms/alarms.ts";
import type { DashboardConfig } from "./alarms/config.ts";
import type { MetricId, Metrics } from "./metrics.ts";
import { isPeriod, notAPeriod } from "./period.ts";

export interface CloudWatchDeps {
  readonly metrics: Metrics;
  readonly alarms: Alarms;
  readonly dashboards: readonly DashboardConfig[];
  readonly startedAtMs: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** CloudWatch's name for a value that isn't allowed. */
export const invalidValue = "InvalidParameterValueException";

export const name = v.pipe(v.string(), v.minLength(1), v.maxLength(255));
export const nextToken = v.optional(v.string());

/** Epoch seconds on the wire; in process also a Date or ISO text. Epoch milliseconds come out. */
export const time = v.pipe(
  v.union([v.number(), v.date(), v.string()]),
  v.transform((value) => (typeof value === "number" ? value * 1_000 : new Date(value).getTime())),
  v.finite("not a time"),
);

export const period = v.pipe(v.number(), v.integer(), v.check(isPeriod, notAPeriod));

export const dimensions = v.pipe(
  v.optional(v.pipe(v.array(v.object({ Name: name, Value: v.pipe(v.string(), v.minLength(1)) })), v.maxLength(30)), []),
  v.transform((list) => Object.fromEntries(list.map(({ Name, Value }) => [Name, Value]))),
);

/** A metric as the SDK writes it. */
export function toSdkMetric({ namespace, name: metricName, dimensions: of }: MetricId) {
  return {
    Namespace: namespace,
    MetricName: metricName,
    Dimensions: Object.entries(of).map(([Name, Value]) => ({ Name, Value })),
  };
}

/** One page of a list; the token is the place that the next one begins at. */
export function pageOf<Item>(
  items: readonly Item[],
  { limit, token }: { readonly limit: number; readonly token: string | undefined },
): { readonly items: readonly Item[]; readonly next: { readonly NextToken?: string } } {
  const start = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(start) || start < 0) throw new AwsError("InvalidNextToken", "The next token is not valid.");
  const end = start + limit;
  return { items: items.slice(start, end), next: end < items.length ? { NextToken: String(end) } : {} };
}
