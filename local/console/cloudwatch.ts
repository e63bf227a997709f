/**
 * CloudWatch and its logs as the console asks them: through the AWS endpoint, as any tool of AWS would. It loads the SDK,
 * so it is imported when something is asked for: a runtime whose console nobody opens begins without it.
 */
import { setTimeout as wait } from "node:timers/promises";
import {
  type AlarmHistoryItem,
  CloudWatch as CloudWatchClient,
  type CompositeAlarm,
  type MetricAlarm,
  paginateDescribeAlarms,
  paginateGetMetricData,
  paginateListDashboards,
} from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import { localRegion } from "../aws/types.ts";
import type { DashboardSource } from "./dashboards/render.ts";
import type { AlarmState, LogWidget, TimeRange } from "./dashboards/view.ts";

export interface Alarms {
  readonly metricAlarms: readonly MetricAlarm[];
  readonly compositeAlarms: readonly CompositeAlarm[];
}

export interface CloudWatch extends DashboardSource {
  dashboardNames(): Promise<readonly string[]>;
  /** @throws DashboardNotFoundError (the SDK's) when there is none of that name */
  dashboardBody(name: string): Promise<string>;
  /** All of them, or those of the names. */
  describeAlarms(names?: readonly string[]): Promise<Alarms>;
  /** Newest first. */
  alarmHistory(name: string): Promise<readonly AlarmHistoryItem[]>;
}

/** Names that one call of DescribeAlarms takes (CloudWatch). */
const mostAlarmNames = 100;
/** Changes of an alarm's state that somebody looks at. */
const mostHistory = 50;
const queryPollMs = 50;
const queryLimitMs = 10_000;

export function createCloudWatch(awsUrl: string): CloudWatch {
  const credentials = { accessKeyId: "console", secretAccessKey: "console" };
  const options = { endpoint: awsUrl, region: localRegion, credentials, maxAttempts: 1 };
  const client = new CloudWatchClient(options);
  const logs = new CloudWatchLogs(options);
  return {
    async dashboardNames() {
      const names: string[] = [];
      for await (const { DashboardEntries = [] } of paginateListDashboards({ client }, {})) {
        names.push(...DashboardEntries.flatMap(({ DashboardName }) => DashboardName ?? []));
      }
      return names.toSorted();
    },
    async dashboardBody(DashboardName) {
      return (await client.getDashboard({ DashboardName })).DashboardBody ?? "{}";
    },
    async metricData(input) {
      const results = [];
      for await (const page of paginateGetMetricData({ client }, input))
        results.push(...(page.MetricDataResults ?? []));
      return results;
    },
    describeAlarms: (names) => describeAlarms(client, names),
    async alarms(names) {
      const { metricAlarms, compositeAlarms } = await describeAlarms(client, names);
      const states = new Map([...metricAlarms, ...compositeAlarms].map((one) => [one.AlarmName, one.StateValue]));
      return names.flatMap((name) => (states.has(name) ? { name, state: states.get(name) as AlarmState } : []));
    },
    async alarmHistory(AlarmName) {
      const { AlarmHistoryItems = [] } = await client.describeAlarmHistory({
        AlarmName,
        AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
        HistoryItemType: "StateUpdate",
        ScanBy: "TimestampDescending",
        MaxRecords: mostHistory,
      });
      return AlarmHistoryItems;
    },
    logs: (query, logGroups, range) => runQuery(logs, { query, logGroups, range }),
  };
}

async function describeAlarms(client: CloudWatchClient, names?: readonly string[]): Promise<Alarms> {
  const metricAlarms: MetricAlarm[] = [];
  const compositeAlarms: CompositeAlarm[] = [];
  for (let from = 0; from === 0 || from < (names?.length ?? 0); from += mostAlarmNames) {
    const AlarmNames = names?.slice(from, from + mostAlarmNames);
    const input = {
      AlarmTypes: ["MetricAlarm" as const, "CompositeAlarm" as const],
      ...(AlarmNames && { AlarmNames }),
    };
    for await (const page of paginateDescribeAlarms({ client }, input)) {
      metricAlarms.push(...(page.MetricAlarms ?? []));
      compositeAlarms.push(...(page.CompositeAlarms ?? []));
    }
  }
  return { metricAlarms, compositeAlarms };
}

interface LogQuery {
  readonly query: string;
  readonly logGroups: readonly string[];
  readonly range: TimeRange;
}

/** @throws Error when it takes too long, or ends otherwise than complete */
async function runQuery(
  logs: CloudWatchLogs,
  { query, logGroups, range }: LogQuery,
): Promise<Pick<LogWidget, "columns" | "rows">> {
  const { queryId } = await logs.startQuery({
    queryString: query,
    logGroupNames: [...logGroups],
    startTime: Math.floor(range.startMs / 1_000),
    endTime: Math.ceil(range.endMs / 1_000),
  });
  for (const deadline = Date.now() + queryLimitMs; Date.now() < deadline; await wait(queryPollMs)) {
    const { status, results = [] } = await logs.getQueryResults({ queryId });
    if (status === "Running" || status === "Scheduled") continue;
    if (status !== "Complete") throw new Error(`The query ended as ${status}.`);
    const shown = results.map((row) => row.filter(({ field }) => field !== "@ptr"));
    const columns = [...new Set(shown.flatMap((row) => row.flatMap(({ field }) => field ?? [])))];
    const rows = shown.map((row) => columns.map((column) => row.find(({ field }) => field === column)?.value ?? ""));
    return { columns, rows };
  }
  throw new Error(`The query took longer than ${queryLimitMs} ms.`);
}
