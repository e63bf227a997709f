/** Alarms and dashboards as Terraform describes them. */
import type { MetricQuery } from "../queries.ts";

interface AnyAlarmConfig {
  readonly name: string;
  readonly arn: string;
  readonly description: string | undefined;
  readonly actionsEnabled: boolean;
  /** ARNs of topics and functions. */
  readonly actions: Readonly<Record<AlarmValue, readonly string[]>>;
}

export type AlarmValue = "ALARM" | "OK" | "INSUFFICIENT_DATA";

export type Comparison =
  | "GreaterThanOrEqualToThreshold"
  | "GreaterThanThreshold"
  | "LessThanThreshold"
  | "LessThanOrEqualToThreshold"
  | "LessThanLowerOrGreaterThanUpperThreshold"
  | "LessThanLowerThreshold"
  | "GreaterThanUpperThreshold";

export type MissingData = "missing" | "ignore" | "breaching" | "notBreaching";

export interface MetricAlarmConfig extends AnyAlarmConfig {
  readonly kind: "metric";
  /** One metric, or queries of which one returns data. */
  readonly queries: readonly MetricQuery[];
  /** Whether the one metric stands in the alarm itself, as it does in answers and messages then. */
  readonly isPlain: boolean;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly comparison: Comparison;
  readonly threshold: number | undefined;
  /** Id of the query whose band is the threshold. */
  readonly thresholdMetricId: string | undefined;
  readonly missingData: MissingData;
}

export interface CompositeAlarmConfig extends AnyAlarmConfig {
  readonly kind: "composite";
  readonly rule: string;
  readonly suppressor:
    | { readonly alarm: string; readonly waitSeconds: number; readonly extensionSeconds: number }
    | undefined;
}

export type AlarmConfig = MetricAlarmConfig | CompositeAlarmConfig;

export interface DashboardConfig {
  readonly name: string;
  readonly arn: string;
  /** JSON text. */
  readonly body: string;
}

/** A line of a log group that counts as a metric. */
export interface MetricFilterConfig {
  readonly logGroupName: string;
  readonly pattern: string;
  readonly namespace: string;
  readonly metricName: string;
  /** A number, or `$.property` of the line. */
  readonly value: string;
  /** Told for lines that don't match. */
  readonly defaultValue: number | undefined;
  readonly unit: string;
  /** Dimension → `$.property` of the line. */
  readonly dimensions: Readonly<Record<string, string>>;
}

/** The period of an alarm: its metrics', the longest where they differ. */
export function periodSecondsOf({ queries }: MetricAlarmConfig): number {
  return Math.max(...queries.map(({ periodSeconds }) => periodSeconds ?? 0));
}
