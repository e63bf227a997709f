import { type CloudWatchClient, paginateDescribeAlarms } from "@aws-sdk/client-cloudwatch";
import { timeText } from "../../../lambdas/shared/report/time.ts";
import type { Finding } from "../section.ts";

export interface AlarmFact {
  readonly name: string;
  /** CloudWatch's: OK, ALARM, INSUFFICIENT_DATA. */
  readonly state: string;
  /** ISO 8601; since when it is in that state. */
  readonly since?: string;
  readonly reason?: string;
}

/** Metric alarms and composite ones of the account. */
export async function alarmsOf(client: CloudWatchClient): Promise<readonly AlarmFact[]> {
  const alarms: AlarmFact[] = [];
  const pages = paginateDescribeAlarms({ client, pageSize: 100 }, { AlarmTypes: ["MetricAlarm", "CompositeAlarm"] });
  for await (const { MetricAlarms = [], CompositeAlarms = [] } of pages) {
    for (const alarm of [...MetricAlarms, ...CompositeAlarms]) {
      const { AlarmName: name = "", StateValue: state = "", StateReason: reason } = alarm;
      const since = (alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp)?.toISOString();
      alarms.push({ name, state, ...(since && { since }), ...(reason && { reason }) });
    }
  }
  return alarms;
}

/** Alarms of the environment, whose names have it as a part: `webhook-validator-prod-errors`. */
export async function checkAlarms(all: () => Promise<readonly AlarmFact[]>, environment: string): Promise<Finding> {
  const alarms = (await all()).filter(({ name }) => `${name}-`.includes(`-${environment}-`));
  const ringing = alarms.filter(({ state }) => state === "ALARM");
  const quiet = alarms.filter(({ state }) => state === "INSUFFICIENT_DATA").length;
  const data = { alarms: alarms.length, withoutData: quiet, ringing };
  if (alarms.length === 0) {
    return {
      state: "problem",
      lines: ["none is there: nobody would hear of a failure; check that it is deployed"],
      data,
    };
  }
  const rest = quiet === 0 ? "" : `, ${quiet} without enough data to say`;
  return {
    state: ringing.length > 0 ? "problem" : "ok",
    lines: [
      `${ringing.length} of ${alarms.length} in ALARM${rest}`,
      ...ringing.map(({ name, since }) => (since === undefined ? name : `${name}, since ${timeText(since)}`)),
    ],
    data,
  };
}
