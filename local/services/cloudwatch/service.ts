/**
 * CloudWatch inside the runtime: metrics that functions and services tell, to be read and charted, alarms that watch them,
 * and the stacks' dashboards. All but the stacks' own is gone with the process.
 */
import type { CallAws, RuntimeClock } from "../../aws/types.ts";
import type { Operations } from "../operation.ts";
import { type Alarms, createAlarms } from "./alarms/alarms.ts";
import type { AlarmConfig, DashboardConfig, MetricFilterConfig } from "./alarms/config.ts";
import { getDashboard, listDashboards } from "./dashboards.ts";
import { describeAlarmHistory } from "./describe-alarm-history.ts";
import { describeAlarms, describeAlarmsForMetric } from "./describe-alarms.ts";
import { type EmbeddedMetric, embeddedMetrics } from "./embedded.ts";
import { getMetricData } from "./get-metric-data.ts";
import { getMetricStatistics } from "./get-metric-statistics.ts";
import { listMetrics } from "./list-metrics.ts";
import { type CountLines, compileFilters } from "./metric-filters.ts";
import { createMetrics, type Metrics } from "./metrics.ts";
import { putMetricData } from "./put-metric-data.ts";
import { logsMetrics } from "./service-metrics/logs.ts";
import { disableAlarmActions, enableAlarmActions, setAlarmState } from "./set-alarm-state.ts";
import type { CloudWatchDeps } from "./shared.ts";

export interface CloudWatchServiceOptions {
  readonly clock: RuntimeClock;
  readonly alarms: readonly AlarmConfig[];
  readonly dashboards: readonly DashboardConfig[];
  readonly metricFilters: readonly MetricFilterConfig[];
  /** Makes the alarms' calls. */
  readonly call: CallAws;
  /** Told of what can't be done, in a sentence. */
  readonly onProblem: (problem: string) => void;
}

export interface CloudWatchService {
  readonly operations: Operations;
  readonly metrics: Metrics;
  readonly alarms: Alarms;
  /** Takes the metrics out of log lines, as CloudWatch does when they arrive. */
  readonly readLog: CountLines;
  /** Evaluates alarms now and from now on. @param sample tells the gauges' values; called before each evaluation */
  start(sample: () => void): void;
  stop(): Promise<void>;
}

const compactEveryMs = 60_000;

/** AWS looks at most alarms once a minute; here at least every ten seconds, and not more often than every second. */
function evaluateEveryMs(clock: RuntimeClock): number {
  return Math.min(10_000, Math.max(1_000, clock.scaled(30_000)));
}

/** @throws Error, or AwsError, for an alarm, a rule or a pattern that can't be played */
export function createCloudWatchService(options: CloudWatchServiceOptions): CloudWatchService {
  const { clock, dashboards, onProblem } = options;
  const metrics = createMetrics({
    now: clock.now,
    onFull: ({ namespace, name }) =>
      onProblem(`There are too many metrics; values of new ones are dropped, ${namespace} ${name} first.`),
  });
  const alarms = createAlarms({ ...options, metrics });
  const countBytes = logsMetrics({ metrics, now: clock.now });
  const countLines = compileFilters(options.metricFilters, metrics);
  const deps: CloudWatchDeps = { metrics, alarms, dashboards, now: clock.now, startedAtMs: clock.now() };
  const timers: NodeJS.Timeout[] = [];
  return {
    metrics,
    alarms,
    operations: operationsOf(deps),
    readLog(groupName, messages) {
      countBytes(groupName, messages);
      for (const { message } of messages) for (const told of embeddedMetrics(message)) record(metrics, told);
      countLines(groupName, messages);
    },
    start(sample) {
      const look = () => {
        sample();
        alarms.evaluate();
      };
      look();
      timers.push(setInterval(look, evaluateEveryMs(clock)), setInterval(metrics.compact, compactEveryMs));
    },
    async stop() {
      for (const timer of timers) clearInterval(timer);
      await alarms.settled();
    },
  };
}

function operationsOf(deps: CloudWatchDeps): Operations {
  return {
    PutMetricData: putMetricData(deps),
    GetMetricData: getMetricData(deps),
    GetMetricStatistics: getMetricStatistics(deps),
    ListMetrics: listMetrics(deps),
    DescribeAlarms: describeAlarms(deps),
    DescribeAlarmsForMetric: describeAlarmsForMetric(deps),
    DescribeAlarmHistory: describeAlarmHistory(deps),
    SetAlarmState: setAlarmState(deps),
    EnableAlarmActions: enableAlarmActions(deps),
    DisableAlarmActions: disableAlarmActions(deps),
    GetDashboard: getDashboard(deps),
    ListDashboards: listDashboards(deps),
  };
}

function record(metrics: Metrics, told: EmbeddedMetric): void {
  const metric = metrics.of(told, told.unit);
  for (const value of told.values) metric.record(value, told.atMs);
}
