import { type CloudWatchClient, type MetricAlarm, paginateDescribeAlarms } from "@aws-sdk/client-cloudwatch";
import * as v from "valibot";
import { timeText } from "../../../lambdas/shared/report/time.ts";
import type { Finding } from "../section.ts";

export interface AlarmFact {
  readonly name: string;
  /** CloudWatch's: OK, ALARM, INSUFFICIENT_DATA. */
  readonly state: string;
  /** ISO 8601; since when it is in that state. */
  readonly since?: string;
  readonly reason?: string;
  /** ISO 8601; when a deploy made it, or changed it last. */
  readonly configuredAt?: string;
  /** Only where it rings because nothing was counted at all: the seconds within which something should have been. */
  readonly silentSeconds?: number;
}

/** Metric alarms and composite ones of the account. */
export async function alarmsOf(client: CloudWatchClient): Promise<readonly AlarmFact[]> {
  const alarms: AlarmFact[] = [];
  const pages = paginateDescribeAlarms({ client, pageSize: 100 }, { AlarmTypes: ["MetricAlarm", "CompositeAlarm"] });
  for await (const { MetricAlarms = [], CompositeAlarms = [] } of pages) {
    for (const alarm of [...MetricAlarms, ...CompositeAlarms]) {
      const { AlarmName: name = "", StateValue: state = "", StateReason: reason } = alarm;
      const since = (alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp)?.toISOString();
      const configuredAt = alarm.AlarmConfigurationUpdatedTimestamp?.toISOString();
      alarms.push({
        name,
        state,
        ...(since && { since }),
        ...(reason && { reason }),
        ...(configuredAt && { configuredAt }),
        ...silenceOf(alarm),
      });
    }
  }
  return alarms;
}

const reasonData = v.pipe(v.string(), v.parseJson(), v.object({ recentDatapoints: v.array(v.unknown()) }));

function silenceOf(alarm: MetricAlarm): Pick<AlarmFact, "silentSeconds"> {
  const { StateValue, StateReasonData, TreatMissingData, EvaluationPeriods, Period } = alarm;
  if (StateValue !== "ALARM" || TreatMissingData !== "breaching") return {};
  const read = v.safeParse(reasonData, StateReasonData);
  const isSilent = read.success && read.output.recentDatapoints.length === 0;
  if (!isSilent || EvaluationPeriods === undefined || Period === undefined) return {};
  return { silentSeconds: EvaluationPeriods * Period };
}

/** Alarms of the environment, whose names have it as a part: `webhook-validator-prod-errors`. */
export async function checkAlarms(
  all: () => Promise<readonly AlarmFact[]>,
  { environment, nowMs }: { readonly environment: string; readonly nowMs: number },
): Promise<Finding> {
  const alarms = (await all()).filter(({ name }) => `${name}-`.includes(`-${environment}-`));
  const inAlarm = alarms.filter(({ state }) => state === "ALARM");
  const begunMs = begunMsOf(alarms);
  const waiting = inAlarm.filter((alarm) => firstDueMs(alarm, begunMs) > nowMs);
  const ringing = inAlarm.filter((alarm) => !waiting.includes(alarm));
  const quiet = alarms.filter(({ state }) => state === "INSUFFICIENT_DATA").length;
  const data = { alarms: alarms.length, withoutData: quiet, ringing, notYetRun: waiting };
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
      ...waiting.map((alarm) => {
        const due = timeText(new Date(firstDueMs(alarm, begunMs)).toISOString());
        return `${alarm.name}: what it waits for has not yet run here, and has until ${due}`;
      }),
    ],
    data,
  };
}

/**
 * When the environment began, at the latest: CloudWatch tells of an alarm only when it was last changed, and a release
 * that changes some of them leaves the others as old as they are. Long ago where one doesn't tell.
 */
function begunMsOf(alarms: readonly AlarmFact[]): number {
  const times = alarms.map(({ configuredAt }) => (configuredAt === undefined ? 0 : Date.parse(configuredAt)));
  return Math.min(...times);
}

/** Until then it can't be known whether what the alarm waits for is late: a new environment hasn't got to it. */
function firstDueMs({ silentSeconds = 0 }: AlarmFact, begunMs: number): number {
  return begunMs + silentSeconds * 1_000;
}
