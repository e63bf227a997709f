/** What dashboards are told of the environment that they show. */
import type { Names } from "../config/names.ts";
import type { MetricScope } from "./business-metrics.ts";

export interface DashboardContext extends MetricScope {
  readonly names: Names;
  /** Also says which price list holds. */
  readonly region: string;
  /** ARN of a state machine by its name, since its metrics are looked up by that. */
  readonly stateMachineArn: (stateMachineName: string) => string;
  /** Names of all queues in which messages end. */
  readonly deadLetterQueues: readonly string[];
  /** Names of the bus's rules. */
  readonly rules: readonly string[];
  /** Names of the log groups, all of which are paid by what they take in. */
  readonly logGroups: readonly string[];
  /** ARNs of the alarms that say of several others what they mean together, and of all others. */
  readonly compositeAlarmArns: readonly string[];
  readonly metricAlarmArns: readonly string[];
}
