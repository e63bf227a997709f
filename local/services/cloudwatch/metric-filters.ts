/**
 * Metric filters: lines of a log group that count as a metric.
 * Source: CloudWatch Logs User Guide, "Creating metrics from log events using filters".
 */
import { compileFilterPattern, type MatchMessage } from "../logs/filter-pattern.ts";
import type { MetricFilterConfig } from "./alarms/config.ts";
import { isInRange } from "./distribution.ts";
import type { Metrics } from "./metrics.ts";

export type CountLines = (
  groupName: string,
  messages: readonly { readonly timestamp: number; readonly message: string }[],
) => void;

interface Filter extends MetricFilterConfig {
  readonly matches: MatchMessage;
}

/** @throws AwsError for a pattern that isn't covered, Error for a value that is neither a number nor `$.property` */
export function compileFilters(configs: readonly MetricFilterConfig[], metrics: Metrics): CountLines {
  const byGroup = Map.groupBy(configs.map(compile), ({ logGroupName }) => logGroupName);
  return (groupName, messages) => {
    for (const filter of byGroup.get(groupName) ?? []) count(filter, messages, metrics);
  };
}

function compile(config: MetricFilterConfig): Filter {
  if (!property.test(config.value) && !Number.isFinite(Number(config.value))) {
    throw new Error(`The metric filter of ${config.metricName} counts ${config.value}, which isn't covered locally.`);
  }
  return { ...config, matches: compileFilterPattern(config.pattern) };
}

function count(filter: Filter, messages: Parameters<CountLines>[1], metrics: Metrics): void {
  const { namespace, metricName: name, unit, defaultValue } = filter;
  for (const { timestamp, message } of messages) {
    if (filter.matches(message)) {
      const value = property.test(filter.value) ? Number(read(message, filter.value)) : Number(filter.value);
      const dimensions = dimensionsOf(filter, message);
      if (dimensions !== undefined && isInRange(value)) {
        metrics.of({ namespace, name, dimensions }, unit).record(value, timestamp);
      }
    } else if (defaultValue !== undefined) {
      metrics.of({ namespace, name, dimensions: {} }, unit).record(defaultValue, timestamp);
    }
  }
}

/** Undefined where the line has no value for one of them. */
function dimensionsOf(filter: Filter, message: string): Readonly<Record<string, string>> | undefined {
  const values = Object.entries(filter.dimensions).map(([name, path]) => [name, read(message, path)] as const);
  if (values.some(([, value]) => value === undefined)) return undefined;
  return Object.fromEntries(values.map(([name, value]) => [name, String(value)]));
}

const property = /^\$(?:\.[^.[\]]+)+$/;

function read(message: string, path: string): unknown {
  const names = path.split(".").slice(1);
  try {
    return names.reduce<unknown>(
      (value, name) => (value as Record<string, unknown> | undefined)?.[name],
      JSON.parse(message),
    );
  } catch {
    return undefined;
  }
}
