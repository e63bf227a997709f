/** The alarms: all of them in a line each, and one with what to do about it. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { CompositeAlarm, MetricAlarm } from "@aws-sdk/client-cloudwatch";
import { alarmChart } from "../alarms/chart.ts";
import { runbookSection } from "../alarms/runbook.ts";
import type { AlarmChange, AlarmDetails, AlarmLine, AlarmList } from "../alarms/view.ts";
import { alarmNameOf, conditionOf, partsOf, readDescription } from "../alarms/words.ts";
import type { AlarmState } from "../dashboards/view.ts";
import { ConsoleError, type Route } from "./route.ts";

export const alarms: Route = async ({ cloudWatch }): Promise<AlarmList> => {
  const { metricAlarms, compositeAlarms } = await (await cloudWatch()).describeAlarms();
  return { alarms: [...compositeAlarms.map(compositeLine), ...metricAlarms.map(metricLine)] };
};

/** `?name=…` */
export const alarm: Route = async ({ cloudWatch, root, now }, { query }): Promise<AlarmDetails> => {
  const name = query.get("name") ?? "";
  const source = await cloudWatch();
  const { metricAlarms, compositeAlarms } = await source.describeAlarms();
  const metric = metricAlarms.find(({ AlarmName }) => AlarmName === name);
  const composite = compositeAlarms.find(({ AlarmName }) => AlarmName === name);
  const found = metric ?? composite;
  if (found === undefined) throw new ConsoleError(404, "no_alarm", `There is no alarm "${name}".`);
  const words = readDescription(found.AlarmDescription ?? "");
  const quietWhile = composite?.ActionsSuppressor;
  const [history, watched, runbook] = await Promise.all([
    source.alarmHistory(name),
    metric && alarmChart(source, metric, now()),
    words.runbook === undefined ? undefined : readRunbook(root, words.runbook),
  ]);
  return {
    ...(composite === undefined ? metricLine(metric ?? {}) : compositeLine(composite)),
    firstSteps: words.firstSteps,
    condition: metric === undefined ? (composite?.AlarmRule ?? "") : conditionOf(metric),
    topics: (found.AlarmActions ?? []).map((arn) => arn.split(":").at(-1) ?? arn),
    partOf: compositeAlarms.filter((one) => partsOf(one).includes(name)).flatMap(({ AlarmName = [] }) => AlarmName),
    ...(quietWhile === undefined ? {} : { quietWhile: alarmNameOf(quietWhile) }),
    history: history.map(changeOf),
    ...(runbook === undefined ? {} : { runbook }),
    ...(watched === undefined ? {} : { watched }),
  };
};

function metricLine(alarm: MetricAlarm): AlarmLine {
  return { ...lineOf(alarm), kind: "metric", parts: [] };
}

function compositeLine(alarm: CompositeAlarm): AlarmLine {
  return { ...lineOf(alarm), kind: "composite", parts: partsOf(alarm) };
}

function lineOf(alarm: MetricAlarm | CompositeAlarm): Omit<AlarmLine, "kind" | "parts"> {
  const { AlarmName: name = "", StateReason: reason = "", AlarmDescription = "" } = alarm;
  const since = alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp;
  return {
    name,
    state: (alarm.StateValue ?? "INSUFFICIENT_DATA") as AlarmState,
    ...(since === undefined ? {} : { since: since.toISOString() }),
    reason,
    impact: readDescription(AlarmDescription).impact,
  };
}

interface HistoryItem {
  readonly Timestamp?: Date | undefined;
  readonly HistorySummary?: string | undefined;
  readonly HistoryData?: string | undefined;
}

function changeOf({ Timestamp, HistorySummary = "", HistoryData = "{}" }: HistoryItem): AlarmChange {
  const { newState } = JSON.parse(HistoryData) as { readonly newState?: { readonly stateReason?: string } };
  return { at: Timestamp?.toISOString() ?? "", summary: HistorySummary, reason: newState?.stateReason ?? "" };
}

/** @param link `docs/runbook.md#anchor` */
async function readRunbook(root: string, link: string): Promise<NonNullable<AlarmDetails["runbook"]>> {
  const [file = "", anchor = ""] = link.split("#");
  // The link comes from a description, so it opens the runbook and nothing else.
  if (file !== "docs/runbook.md") return { link };
  const markdown = runbookSection(await readFile(join(root, file), "utf8"), anchor);
  return { link, ...(markdown === undefined ? {} : { markdown }) };
}
