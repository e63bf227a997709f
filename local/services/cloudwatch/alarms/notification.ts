/**
 * What an alarm says to a topic. Source: the messages that CloudWatch sends, as shown in the SNS and CloudWatch User
 * Guides ("Using Amazon CloudWatch alarms", "Notifying users on alarm changes").
 */
import { localAccount } from "../../../aws/types.ts";
import type { MetricQuery } from "../queries.ts";
import { type AlarmConfig, type AlarmValue, type MetricAlarmConfig, periodSecondsOf } from "./config.ts";
import { alarmTime } from "./reasons.ts";

/** The region's name, in messages to people. */
const region = "US East (N. Virginia)";

export interface StateChange {
  readonly oldValue: AlarmValue;
  readonly newValue: AlarmValue;
  readonly reason: string;
  readonly atMs: number;
  /** When the alarm was made: at the runtime's start. */
  readonly configuredAtMs: number;
  /** Alarms whose change changed a composite one. */
  readonly children: readonly { readonly arn: string; readonly value: AlarmValue; readonly atMs: number }[];
}

/** Subject and message of a topic. */
export function notificationOf(config: AlarmConfig, change: StateChange): { Subject: string; Message: string } {
  const common = {
    AlarmName: config.name,
    AlarmDescription: config.description ?? null,
    AWSAccountId: localAccount,
    AlarmConfigurationUpdatedTimestamp: alarmTime(change.configuredAtMs),
    NewStateValue: change.newValue,
    NewStateReason: change.reason,
    StateChangeTime: alarmTime(change.atMs),
    Region: region,
    AlarmArn: config.arn,
    OldStateValue: change.oldValue,
    OKActions: config.actions.OK,
    AlarmActions: config.actions.ALARM,
    InsufficientDataActions: config.actions.INSUFFICIENT_DATA,
  };
  const own =
    config.kind === "metric"
      ? { Trigger: triggerOf(config) }
      : {
          AlarmRule: config.rule,
          TriggeringChildren: change.children.map(({ arn, value, atMs }) => ({
            Arn: arn,
            State: { Value: value, Timestamp: alarmTime(atMs) },
          })),
        };
  // A subject holds 100 characters at the most.
  const Subject = `${change.newValue}: "${config.name}" in ${region}`.slice(0, 100);
  return { Subject, Message: JSON.stringify({ ...common, ...own }) };
}

function triggerOf(config: MetricAlarmConfig): object {
  const rules = {
    Period: periodSecondsOf(config),
    EvaluationPeriods: config.evaluationPeriods,
    DatapointsToAlarm: config.datapointsToAlarm,
    ComparisonOperator: config.comparison,
    ...(config.threshold === undefined ? {} : { Threshold: config.threshold }),
    ...(config.thresholdMetricId === undefined ? {} : { ThresholdMetricId: config.thresholdMetricId }),
    TreatMissingData: config.missingData,
    EvaluateLowSampleCountPercentile: "",
  };
  const metric = config.queries[0]?.metric;
  if (!config.isPlain || metric === undefined) return { ...rules, Metrics: config.queries.map(queryInMessage) };
  const { statistic } = metric;
  const isPlainStatistic = statisticNames.has(statistic);
  return {
    MetricName: metric.id.name,
    Namespace: metric.id.namespace,
    ...(isPlainStatistic
      ? { StatisticType: "Statistic", Statistic: statisticNames.get(statistic) }
      : { StatisticType: "ExtendedStatistic", ExtendedStatistic: statistic }),
    Unit: metric.unit ?? null,
    Dimensions: dimensionsInMessage(metric.id.dimensions),
    ...rules,
  };
}

const statisticNames = new Map([
  ["SampleCount", "SAMPLE_COUNT"],
  ["Average", "AVERAGE"],
  ["Sum", "SUM"],
  ["Minimum", "MINIMUM"],
  ["Maximum", "MAXIMUM"],
]);

/** Small letters, in messages alone. */
function dimensionsInMessage(dimensions: Readonly<Record<string, string>>) {
  return Object.entries(dimensions).map(([name, value]) => ({ value, name }));
}

function queryInMessage({ id, label, expression, metric, returnData }: MetricQuery): object {
  return {
    ...(expression === undefined ? {} : { Expression: expression }),
    Id: id,
    ...(label === undefined ? {} : { Label: label }),
    ...(metric === undefined
      ? {}
      : {
          MetricStat: {
            Metric: {
              Dimensions: dimensionsInMessage(metric.id.dimensions),
              MetricName: metric.id.name,
              Namespace: metric.id.namespace,
            },
            Period: metric.periodSeconds,
            Stat: metric.statistic,
          },
        }),
    ReturnData: returnData,
  };
}
