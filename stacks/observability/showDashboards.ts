import { CloudwatchCompositeAlarm } from "@cdktf/provider-aws/lib/cloudwatch-composite-alarm/index.js";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import type { Construct } from "constructs";
import type { Names } from "../../config/names.ts";
import { dashboards } from "../../dashboards/index.ts";
import { Dashboard } from "../constructs/Dashboard.ts";
import { endQueuesIn } from "../constructs/deadLetterQueues.ts";

export interface ShownProps {
  readonly names: Names;
  readonly environment: string;
  readonly region: string;
  /** Whose queues and alarms are shown, when all of them are there. */
  readonly watched: readonly Construct[];
  /** `arn:<partition>:<service>:<region>:<account>:<resource>` */
  readonly arn: (service: string, resource: string) => string;
}

/** Makes every dashboard of dashboards/index.ts. */
export function showDashboards(scope: Construct, props: ShownProps): void {
  const { names, environment, region, watched, arn } = props;
  const context = {
    names,
    environment,
    region,
    stateMachineArn: (name: string) => arn("states", `stateMachine:${name}`),
    deadLetterQueues: watched.flatMap(endQueuesIn).map(({ queueName }) => queueName),
    alarmArns: watched.flatMap(alarmNamesIn).map((name) => arn("cloudwatch", `alarm:${name}`)),
  };
  for (const [name, contentOf] of Object.entries(dashboards)) {
    new Dashboard(scope, `dashboard-${name}`, {
      dashboardName: names.dashboard(name),
      content: contentOf(context),
      region,
    });
  }
}

/** Names of the alarms of a scope. */
function alarmNamesIn(scope: Construct): readonly string[] {
  return scope.node
    .findAll()
    .filter((each) => each instanceof CloudwatchMetricAlarm || each instanceof CloudwatchCompositeAlarm)
    .map(({ alarmNameInput }) => String(alarmNameInput))
    .sort();
}
