import type {
  CompositeAlarm,
  DescribeAlarmsCommandOutput,
  DescribeAlarmsForMetricCommandOutput,
  MetricAlarm,
} from "@aws-sdk/client-cloudwatch";
import * as v from "valibot";
import { type Operation, readInput } from "../operation.ts";
import type { Alarm } from "./alarms/alarms.ts";
import { type MetricAlarmConfig, periodSecondsOf } from "./alarms/config.ts";
import type { MetricQuery } from "./queries.ts";
import { type CloudWatchDeps, dimensions, name, nextToken, pageOf, toSdkMetric } from "./shared.ts";

const stateValue = v.picklist(["OK", "ALARM", "INSUFFICIENT_DATA"]);

const input = v.object({
  AlarmNames: v.optional(v.array(name)),
  AlarmNamePrefix: v.optional(v.string(), ""),
  AlarmTypes: v.optional(v.array(v.picklist(["MetricAlarm", "CompositeAlarm", "LogAlarm"])), ["MetricAlarm"]),
  StateValue: v.optional(stateValue),
  ActionPrefix: v.optional(v.string()),
  ChildrenOfAlarmName: v.optional(name),
  ParentsOfAlarmName: v.optional(name),
  MaxRecords: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)), 50),
  NextToken: nextToken,
});

/** Alarms by name; composite ones only where they are asked for, as on AWS. */
export function describeAlarms({ alarms }: CloudWatchDeps): Operation<DescribeAlarmsCommandOutput> {
  return async (_principal, members) => {
    const request = readInput(input, members);
    const names = request.AlarmNames && new Set(request.AlarmNames);
    const children = request.ChildrenOfAlarmName && (alarms.get(request.ChildrenOfAlarmName)?.rule?.alarms ?? []);
    const parentsOf = request.ParentsOfAlarmName;
    const found = alarms
      .all()
      .filter((alarm) => {
        const { config } = alarm;
        return (
          names?.has(config.name) !== false &&
          config.name.startsWith(request.AlarmNamePrefix) &&
          request.AlarmTypes.includes(config.kind === "metric" ? "MetricAlarm" : "CompositeAlarm") &&
          (request.StateValue ?? alarm.value) === alarm.value &&
          hasAction(alarm, request.ActionPrefix) &&
          (children === undefined || children.includes(config.name)) &&
          (parentsOf === undefined || alarm.rule?.alarms.includes(parentsOf) === true)
        );
      })
      .sort((a, b) => (a.config.name < b.config.name ? -1 : 1));
    const { items, next } = pageOf(found, { limit: request.MaxRecords, token: request.NextToken });
    return {
      MetricAlarms: items.flatMap((alarm) =>
        alarm.config.kind === "metric" ? [toMetricAlarm(alarm, alarm.config)] : [],
      ),
      CompositeAlarms: items.flatMap((alarm) => (alarm.config.kind === "composite" ? [toCompositeAlarm(alarm)] : [])),
      ...next,
    };
  };
}

function hasAction({ config }: Alarm, prefix: string | undefined): boolean {
  return (
    prefix === undefined || Object.values(config.actions).some((list) => list.some((one) => one.startsWith(prefix)))
  );
}

const forMetric = v.object({ Namespace: name, MetricName: name, Dimensions: dimensions });

/** Alarms that watch one metric by itself. */
export function describeAlarmsForMetric({ alarms }: CloudWatchDeps): Operation<DescribeAlarmsForMetricCommandOutput> {
  return async (_principal, members) => {
    const { Namespace, MetricName, Dimensions } = readInput(forMetric, members);
    const isWanted = ({ isPlain, queries }: MetricAlarmConfig) => {
      const id = queries[0]?.metric?.id;
      const wanted = Object.entries(Dimensions);
      return (
        isPlain &&
        id?.namespace === Namespace &&
        id.name === MetricName &&
        wanted.length === Object.keys(id.dimensions).length &&
        wanted.every(([key, value]) => id.dimensions[key] === value)
      );
    };
    const found = alarms
      .all()
      .flatMap((alarm) =>
        alarm.config.kind === "metric" && isWanted(alarm.config) ? [toMetricAlarm(alarm, alarm.config)] : [],
      );
    return { MetricAlarms: found };
  };
}

function commonOf({ config, ...alarm }: Alarm) {
  return {
    AlarmName: config.name,
    AlarmArn: config.arn,
    ...(config.description === undefined ? {} : { AlarmDescription: config.description }),
    AlarmConfigurationUpdatedTimestamp: new Date(alarm.configuredAtMs),
    ActionsEnabled: alarm.actionsEnabled,
    OKActions: [...config.actions.OK],
    AlarmActions: [...config.actions.ALARM],
    InsufficientDataActions: [...config.actions.INSUFFICIENT_DATA],
    StateValue: alarm.value,
    StateReason: alarm.reason,
    ...(alarm.reasonData === undefined ? {} : { StateReasonData: alarm.reasonData }),
    StateUpdatedTimestamp: new Date(alarm.updatedAtMs),
    StateTransitionedTimestamp: new Date(alarm.transitionedAtMs),
  };
}

function toMetricAlarm(alarm: Alarm, config: MetricAlarmConfig): MetricAlarm {
  return {
    ...commonOf(alarm),
    ...(config.isPlain ? plainMetric(config) : { Metrics: config.queries.map(toQuery) }),
    EvaluationPeriods: config.evaluationPeriods,
    DatapointsToAlarm: config.datapointsToAlarm,
    ...(config.threshold === undefined ? {} : { Threshold: config.threshold }),
    ...(config.thresholdMetricId === undefined ? {} : { ThresholdMetricId: config.thresholdMetricId }),
    ComparisonOperator: config.comparison,
    TreatMissingData: config.missingData,
  };
}

const plainStatistics = new Set(["SampleCount", "Average", "Sum", "Minimum", "Maximum"]);

function plainMetric(config: MetricAlarmConfig): Partial<MetricAlarm> {
  const metric = config.queries[0]?.metric;
  if (metric === undefined) return {};
  const { statistic } = metric;
  return {
    ...toSdkMetric(metric.id),
    ...(plainStatistics.has(statistic) ? { Statistic: statistic as "Sum" } : { ExtendedStatistic: statistic }),
    Period: periodSecondsOf(config),
  };
}

function toQuery({ id, label, expression, metric, returnData, periodSeconds }: MetricQuery) {
  return {
    Id: id,
    ...(label === undefined ? {} : { Label: label }),
    ...(metric === undefined
      ? { Expression: expression, ...(periodSeconds === undefined ? {} : { Period: periodSeconds }) }
      : {
          MetricStat: { Metric: toSdkMetric(metric.id), Period: metric.periodSeconds, Stat: metric.statistic },
        }),
    ReturnData: returnData,
  };
}

function toCompositeAlarm(alarm: Alarm): CompositeAlarm {
  const { config, suppression } = alarm;
  if (config.kind !== "composite") return {};
  const { suppressor } = config;
  const by = suppression?.by;
  return {
    ...commonOf(alarm),
    AlarmRule: config.rule,
    ...(suppressor === undefined
      ? {}
      : {
          ActionsSuppressor: suppressor.alarm,
          ActionsSuppressorWaitPeriod: suppressor.waitSeconds,
          ActionsSuppressorExtensionPeriod: suppressor.extensionSeconds,
        }),
    ...(by === undefined ? {} : { ActionsSuppressedBy: by, ActionsSuppressedReason: `Actions suppressed by ${by}` }),
  };
}
