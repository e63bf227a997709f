import { CloudwatchCompositeAlarm } from "@cdktf/provider-aws/lib/cloudwatch-composite-alarm/index.js";
import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule/index.js";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import type { Construct } from "constructs";
import type { Names } from "../../config/names.ts";
import type { DashboardContext } from "../../dashboards/context.ts";
import { dashboards } from "../../dashboards/index.ts";
import { Dashboard } from "../constructs/Dashboard.ts";
import { endQueuesIn } from "../constructs/deadLetterQueues.ts";

export interface ShownProps {
  readonly names: Names;
  readonly environment: string;
  readonly region: string;
  /** Whose queues, rules, log groups and alarms are shown, when all of them are there. */
  readonly watched: readonly Construct[];
  /** `arn:<partition>:<service>:<region>:<account>:<resource>` */
  readonly arn: (service: string, resource: string) => string;
}

/** Makes every dashboard of dashboards/index.ts. */
export function showDashboards(scope: Construct, props: ShownProps): void {
  const context = contextOf(props);
  for (const [name, contentOf] of Object.entries(dashboards)) {
    new Dashboard(scope, `dashboard-${name}`, {
      dashboardName: props.names.dashboard(name),
      content: contentOf(context),
      region: props.region,
    });
  }
}

/** What comes and goes with the stacks is found there; what a dashboard has a place for, it knows by its name. */
function contextOf({ names, environment, region, watched, arn }: ShownProps): DashboardContext {
  const constructs = watched.flatMap((scope) => scope.node.findAll());
  const alarmArn = (name: string | undefined) => arn("cloudwatch", `alarm:${name}`);
  return {
    names,
    environment,
    region,
    stateMachineArn: (name) => arn("states", `stateMachine:${name}`),
    deadLetterQueues: watched.flatMap(endQueuesIn).map(({ queueName }) => queueName),
    rules: named(constructs.filter((each) => each instanceof CloudwatchEventRule).map(({ nameInput }) => nameInput)),
    logGroups: named(constructs.filter((each) => each instanceof CloudwatchLogGroup).map(({ nameInput }) => nameInput)),
    compositeAlarmArns: constructs
      .filter((each) => each instanceof CloudwatchCompositeAlarm)
      .map(({ alarmNameInput }) => alarmArn(alarmNameInput))
      .sort(),
    metricAlarmArns: constructs
      .filter((each) => each instanceof CloudwatchMetricAlarm)
      .map(({ alarmNameInput }) => alarmArn(alarmNameInput))
      .sort(),
  };
}

/** In one order, whatever that of their making is. */
function named(names: readonly (string | undefined)[]): readonly string[] {
  return names.filter((name) => name !== undefined).sort();
}
