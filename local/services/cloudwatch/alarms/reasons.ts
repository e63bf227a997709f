/** Why an alarm is in its state, in CloudWatch's words. */
import type { Comparison, MetricAlarmConfig } from "./config.ts";
import { periodSecondsOf } from "./config.ts";
import type { Datapoint, Verdict } from "./verdict.ts";

const was: Readonly<Record<Comparison, string>> = {
  GreaterThanOrEqualToThreshold: "greater than or equal to the threshold",
  GreaterThanThreshold: "greater than the threshold",
  LessThanThreshold: "less than the threshold",
  LessThanOrEqualToThreshold: "less than or equal to the threshold",
  LessThanLowerOrGreaterThanUpperThreshold: "less than the lower thresholds or greater than the upper thresholds",
  LessThanLowerThreshold: "less than the lower thresholds",
  GreaterThanUpperThreshold: "greater than the upper thresholds",
};

const treated = { breaching: "Breaching", notBreaching: "NonBreaching", ignore: "Ignore", missing: "Missing" } as const;

/** Numbers as Java writes them. */
const double = (value: number) => (Number.isInteger(value) ? `${value}.0` : String(value));

/** `20/11/26 12:00:00` */
function shortTime(second: number): string {
  const [year = "", month, rest = ""] = new Date(second * 1_000).toISOString().split("-");
  return `${rest.slice(0, 2)}/${month}/${year.slice(2)} ${rest.slice(3, 11)}`;
}

const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? "" : "s"}`;

export function reasonOf(config: MetricAlarmConfig, { value, considered, missing, breaching }: Verdict): string {
  const { evaluationPeriods, datapointsToAlarm, missingData } = config;
  if (value === "INSUFFICIENT_DATA") {
    const were = missing === 1 ? "was" : "were";
    return `Insufficient Data: ${plural(missing, "datapoint")} ${were} unknown.`;
  }
  const treatment = `${plural(missing, "missing datapoint")} ${missing === 1 ? "was" : "were"} treated as [${treated[missingData]}]`;
  if (considered.length === 0) {
    const periods = plural(evaluationPeriods, "period");
    return `Threshold Crossed: no datapoints were received for ${periods} and ${treatment}.`;
  }
  const isAlarm = value === "ALARM";
  const shown = isAlarm ? breaching : considered.length - breaching;
  const points = considered.slice(-5).toReversed();
  const list = points.map((point) => `${double(point.value)} (${shortTime(point.second)})`).join(", ");
  const needed = isAlarm ? datapointsToAlarm : evaluationPeriods - datapointsToAlarm + 1;
  const change = isAlarm ? "OK -> ALARM" : "ALARM -> OK";
  return (
    `Threshold Crossed: ${shown} out of the last ${plural(evaluationPeriods, "datapoint")} [${list}] ` +
    `${shown === 1 ? "was" : "were"} ${isAlarm ? "" : "not "}${was[config.comparison]} (${thresholds(points)}) ` +
    `(minimum ${plural(needed, "datapoint")} for ${change} transition)${missing === 0 ? "" : ` and ${treatment}`}.`
  );
}

function thresholds([newest]: readonly Datapoint[]): string {
  const threshold = newest?.threshold ?? 0;
  if (typeof threshold === "number") return double(threshold);
  return `expected value: ${double(threshold[0])} to ${double(threshold[1])}`;
}

/** For programs, as JSON text. */
export function reasonDataOf(config: MetricAlarmConfig, { considered }: Verdict, atMs: number): string {
  const query = config.queries.find(({ returnData }) => returnData);
  return JSON.stringify({
    version: "1.0",
    queryDate: alarmTime(atMs),
    ...(considered[0] === undefined ? {} : { startDate: alarmTime(considered[0].second * 1_000) }),
    ...(query?.metric === undefined ? {} : { statistic: query.metric.statistic }),
    period: periodSecondsOf(config),
    recentDatapoints: considered.map(({ value }) => value),
    ...(config.threshold === undefined ? {} : { threshold: config.threshold }),
    evaluatedDatapoints: considered.map(({ second, value }) => ({ timestamp: alarmTime(second * 1_000), value })),
  });
}

/** As alarms write times: `2026-11-20T12:00:00.000+0000`. */
export function alarmTime(atMs: number): string {
  return new Date(atMs).toISOString().replace("Z", "+0000");
}

const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** Why a composite alarm changed: of the alarms whose states make it so, the one that changed last. */
export function compositeReason(arn: string, value: string, atMs: number): string {
  const time = new Date(atMs);
  const date = `${days[time.getUTCDay()]} ${time.getUTCDate()} ${months[time.getUTCMonth()]}, ${time.getUTCFullYear()}`;
  return `${arn} transitioned to ${value} at ${date} ${time.toISOString().slice(11, 19)} UTC`;
}
