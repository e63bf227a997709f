/**
 * CloudWatch. Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon CloudWatch".
 */
import {
  everything,
  type Input,
  itself,
  needs,
  type OperationTable,
  optionalText,
  type Scope,
  text,
} from "./operation.ts";

function namespace(input: Input) {
  return { ...itself("*"), context: { "cloudwatch:namespace": text(input, "Namespace") } };
}

function alarm(input: Input, { account, region }: Scope) {
  return itself(`arn:aws:cloudwatch:${region}:${account}:alarm:${optionalText(input, "AlarmName") ?? "*"}`);
}

/** Each of the alarms that a call names. */
function eachAlarm(action: string): OperationTable[string] {
  return {
    actions: [action],
    requires: (input, scope) =>
      (Array.isArray(input.AlarmNames) ? input.AlarmNames : []).map((AlarmName: unknown) => ({
        action,
        ...alarm({ AlarmName: String(AlarmName) }, scope),
      })),
  };
}

/** Dashboards belong to no region. */
function dashboard(input: Input, { account }: Scope) {
  return itself(`arn:aws:cloudwatch::${account}:dashboard/${text(input, "DashboardName")}`);
}

export const monitoring: OperationTable = {
  PutMetricData: needs("cloudwatch:PutMetricData", namespace),
  GetMetricData: needs("cloudwatch:GetMetricData", everything),
  GetMetricStatistics: needs("cloudwatch:GetMetricStatistics", everything),
  ListMetrics: needs("cloudwatch:ListMetrics", everything),
  DescribeAlarms: needs("cloudwatch:DescribeAlarms", everything),
  DescribeAlarmsForMetric: needs("cloudwatch:DescribeAlarmsForMetric", everything),
  DescribeAlarmHistory: needs("cloudwatch:DescribeAlarmHistory", alarm),
  SetAlarmState: needs("cloudwatch:SetAlarmState", alarm),
  EnableAlarmActions: eachAlarm("cloudwatch:EnableAlarmActions"),
  DisableAlarmActions: eachAlarm("cloudwatch:DisableAlarmActions"),
  GetDashboard: needs("cloudwatch:GetDashboard", dashboard),
  ListDashboards: needs("cloudwatch:ListDashboards", everything),
};
