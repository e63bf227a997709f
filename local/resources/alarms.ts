/** Alarms, dashboards and metric filters, in CloudWatch's words. */
import type {
  AlarmConfig,
  Comparison,
  CompositeAlarmConfig,
  DashboardConfig,
  MetricAlarmConfig,
  MetricFilterConfig,
  MissingData,
} from "../services/cloudwatch/alarms/config.ts";
import { alarmName } from "../services/cloudwatch/alarms/rule.ts";
import type { MetricQuery, MetricStat } from "../services/cloudwatch/queries.ts";
import { type Arguments, block, blocks } from "../terraform/block.ts";
import type { ResolvedResource } from "../terraform/resolve.ts";
import { type Inventory, number, optionalText, text } from "./inventory.ts";

export function alarmsOf(inventory: Inventory): AlarmConfig[] {
  return [
    ...inventory.ofType("aws_cloudwatch_metric_alarm").map(metricAlarmOf),
    ...inventory.ofType("aws_cloudwatch_composite_alarm").map(compositeAlarmOf),
  ];
}

/** An optional argument, which Terraform's JSON writes as null where it is absent. */
function argument<Value>(config: Arguments, name: string, read: (value: unknown) => Value): Value | undefined {
  const value = config[name];
  return value === undefined || value === null ? undefined : read(value);
}

const texts = (config: Arguments, name: string) =>
  argument(config, name, (value) => (value as unknown[]).map(String)) ?? [];

function commonOf(resource: ResolvedResource) {
  const { config } = resource;
  return {
    name: text(resource, "alarm_name"),
    arn: text(resource, "arn"),
    description: optionalText(resource, "alarm_description"),
    actionsEnabled: config.actions_enabled !== false,
    actions: {
      ALARM: texts(config, "alarm_actions"),
      OK: texts(config, "ok_actions"),
      INSUFFICIENT_DATA: texts(config, "insufficient_data_actions"),
    },
  };
}

/** @throws Error when its metric has no statistic, or nothing is watched */
function metricAlarmOf(resource: ResolvedResource): MetricAlarmConfig {
  const { config } = resource;
  const evaluationPeriods = number(config, "evaluation_periods", 1);
  const isPlain = argument(config, "metric_name", String) !== undefined;
  const queries = isPlain ? [plainQuery(resource)] : blocks(config, "metric_query").map(queryOf);
  if (!queries.some(({ returnData }) => returnData)) throw new Error(`${resource.address}: it watches nothing.`);
  return {
    kind: "metric",
    ...commonOf(resource),
    queries,
    isPlain,
    evaluationPeriods,
    datapointsToAlarm: number(config, "datapoints_to_alarm", evaluationPeriods),
    comparison: text(resource, "comparison_operator") as Comparison,
    threshold: argument(config, "threshold", Number),
    thresholdMetricId: argument(config, "threshold_metric_id", String),
    missingData: (optionalText(resource, "treat_missing_data") ?? "missing") as MissingData,
  };
}

function plainQuery(resource: ResolvedResource): MetricQuery {
  const statistic = optionalText(resource, "statistic") ?? optionalText(resource, "extended_statistic");
  if (statistic === undefined) throw new Error(`${resource.address}: its metric has no statistic.`);
  const metric = metricStatOf({ ...resource.config, stat: statistic });
  return { id: "m1", returnData: true, metric, periodSeconds: metric.periodSeconds };
}

function queryOf(query: Arguments): MetricQuery {
  const stat = block(query, "metric");
  const metric = stat && metricStatOf(stat);
  return {
    id: String(query.id),
    label: argument(query, "label", String),
    returnData: query.return_data === true || query.return_data === "true",
    expression: argument(query, "expression", String),
    metric,
    periodSeconds: metric?.periodSeconds ?? argument(query, "period", Number),
  };
}

function metricStatOf(config: Arguments): MetricStat {
  return {
    id: {
      namespace: String(config.namespace),
      name: String(config.metric_name),
      dimensions: argument(config, "dimensions", (value) => value as Record<string, string>) ?? {},
    },
    periodSeconds: number(config, "period", 60),
    statistic: String(config.stat),
    unit: argument(config, "unit", String),
  };
}

function compositeAlarmOf(resource: ResolvedResource): CompositeAlarmConfig {
  const suppressor = block(resource.config, "actions_suppressor");
  return {
    kind: "composite",
    ...commonOf(resource),
    rule: text(resource, "alarm_rule"),
    suppressor: suppressor && {
      alarm: alarmName(String(suppressor.alarm)),
      waitSeconds: number(suppressor, "wait_period", 0),
      extensionSeconds: number(suppressor, "extension_period", 0),
    },
  };
}

export function dashboardsOf(inventory: Inventory): DashboardConfig[] {
  return inventory.ofType("aws_cloudwatch_dashboard").map((dashboard) => ({
    name: text(dashboard, "dashboard_name"),
    arn: text(dashboard, "dashboard_arn"),
    body: text(dashboard, "dashboard_body"),
  }));
}

export function metricFiltersOf(inventory: Inventory): MetricFilterConfig[] {
  return inventory.ofType("aws_cloudwatch_log_metric_filter").flatMap((filter) =>
    blocks(filter.config, "metric_transformation").map((transformation) => ({
      logGroupName: text(filter, "log_group_name"),
      pattern: String(filter.config.pattern ?? ""),
      namespace: String(transformation.namespace),
      metricName: String(transformation.name),
      value: String(transformation.value),
      defaultValue: argument(transformation, "default_value", Number),
      unit: argument(transformation, "unit", String) ?? "None",
      dimensions: argument(transformation, "dimensions", (value) => value as Record<string, string>) ?? {},
    })),
  );
}
