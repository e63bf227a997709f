/** An alarm in words: what its description says, when it rings, which alarms it is made of. */
import type { CompositeAlarm, MetricAlarm } from "@aws-sdk/client-cloudwatch";

export interface AlarmWords {
  readonly impact: string;
  readonly firstSteps: readonly string[];
  /** `docs/runbook.md#anchor` */
  readonly runbook?: string;
}

/**
 * The description that our constructs write: `Impact: …`, a numbered list, `Runbook: …`, each a paragraph of its own.
 * Another one is all impact.
 */
export function readDescription(description: string): AlarmWords {
  const impact = /^Impact: (.*)$/m.exec(description)?.[1];
  const firstSteps = [...description.matchAll(/^\d+\. (.*)$/gm)].map(([, step = ""]) => step);
  const runbook = /^Runbook: (\S+)$/m.exec(description)?.[1];
  return { impact: impact ?? description, firstSteps, ...(runbook === undefined ? {} : { runbook }) };
}

const comparisons: Readonly<Record<string, string>> = {
  GreaterThanThreshold: "above",
  GreaterThanOrEqualToThreshold: "at least",
  LessThanThreshold: "below",
  LessThanOrEqualToThreshold: "at most",
  GreaterThanUpperThreshold: "above the band of",
  LessThanLowerThreshold: "below the band of",
  LessThanLowerOrGreaterThanUpperThreshold: "outside the band of",
};

const missing: Readonly<Record<string, string>> = {
  breaching: "No data counts as bad.",
  notBreaching: "No data counts as good.",
  ignore: "No data leaves it as it is.",
  missing: "Without data it says so.",
};

/** "Sum of Errors (AWS/Lambda, FunctionName x) above 0 in 1 of 1 periods of 1 min. No data counts as good." */
export function conditionOf(alarm: MetricAlarm): string {
  const { ComparisonOperator = "", EvaluationPeriods = 1, TreatMissingData = "missing" } = alarm;
  const limit = alarm.Threshold ?? alarm.ThresholdMetricId ?? "";
  const periodSeconds = alarm.Period ?? periodOfQueries(alarm);
  const length = periodSeconds === undefined ? "" : ` of ${durationWords(periodSeconds)}`;
  const of = `${alarm.DatapointsToAlarm ?? EvaluationPeriods} of ${EvaluationPeriods} ${EvaluationPeriods === 1 ? "period" : "periods"}${length}`;
  const comparison = comparisons[ComparisonOperator] ?? ComparisonOperator;
  return `${watchedWords(alarm)} ${comparison} ${limit} in ${of}. ${missing[TreatMissingData] ?? ""}`.trim();
}

function watchedWords({ Metrics = [], MetricName, Namespace, Dimensions = [], ...alarm }: MetricAlarm): string {
  if (MetricName !== undefined) {
    const statistic = alarm.ExtendedStatistic ?? alarm.Statistic ?? "";
    return `${statistic} of ${MetricName} (${[Namespace, ...dimensionWords(Dimensions)].join(", ")})`;
  }
  const [first = "nothing", ...others] = Metrics.filter(({ ReturnData = true }) => ReturnData).map(
    ({ Id = "", Expression, Label, MetricStat }) => Label ?? Expression ?? MetricStat?.Metric?.MetricName ?? Id,
  );
  const where = Metrics.flatMap(({ Id = "", MetricStat, Expression }) => {
    if (MetricStat === undefined) return Expression === undefined ? [] : [`${Id} = ${Expression}`];
    const { MetricName: name = "", Namespace: space, Dimensions: dimensions = [] } = MetricStat.Metric ?? {};
    return [`${Id} = ${MetricStat.Stat} of ${name} (${[space, ...dimensionWords(dimensions)].join(", ")})`];
  });
  return `${[first, ...others].join(" and ")}, where ${where.join("; ")},`;
}

function dimensionWords(
  dimensions: readonly { readonly Name?: string | undefined; readonly Value?: string | undefined }[],
): readonly string[] {
  return dimensions.map(({ Name, Value }) => `${Name} ${Value}`);
}

function periodOfQueries({ Metrics = [] }: MetricAlarm): number | undefined {
  const periods = Metrics.flatMap(({ Period, MetricStat }) => Period ?? MetricStat?.Period ?? []);
  return periods.length === 0 ? undefined : Math.max(...periods);
}

function durationWords(seconds: number): string {
  const [unit, size] = seconds % 86_400 === 0 ? ["day", 86_400] : seconds % 3_600 === 0 ? ["hour", 3_600] : ["min", 60];
  return `${seconds / size} ${unit}${seconds === size || unit === "min" ? "" : "s"}`;
}

/** The alarms that a composite alarm's rule names, each once, in its order. By ARN or by name, with quotes or without. */
export function partsOf({ AlarmRule = "" }: CompositeAlarm): readonly string[] {
  const named = AlarmRule.matchAll(/\b(?:ALARM|OK|INSUFFICIENT_DATA)\(\s*(?:"([^"]+)"|([^")\s]+))\s*\)/g);
  return [...new Set([...named].map(([, quoted, bare]) => alarmNameOf(quoted ?? bare ?? "")))];
}

/** The name in an alarm's ARN; a name is one already. */
export function alarmNameOf(nameOrArn: string): string {
  return /^arn:.*:alarm:(.*)$/.exec(nameOrArn)?.[1] ?? nameOrArn;
}
