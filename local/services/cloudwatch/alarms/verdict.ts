/**
 * The state that datapoints put an alarm into, missing ones among them.
 * Source: CloudWatch User Guide, "Configuring how CloudWatch alarms treat missing data", with its two tables.
 */
import type { AlarmValue, MetricAlarmConfig } from "./config.ts";

export interface Datapoint {
  /** Epoch seconds of the period's begin. */
  readonly second: number;
  readonly value: number;
  /** A number, or the bounds of a band. */
  readonly threshold: number | readonly [low: number, high: number];
}

export interface Verdict {
  /** `keep` leaves the alarm in the state that it is in. */
  readonly value: AlarmValue | "keep";
  /** Newest last. */
  readonly considered: readonly Datapoint[];
  /** How many periods without data were needed. */
  readonly missing: number;
  readonly breaching: number;
}

type Rules = Pick<MetricAlarmConfig, "evaluationPeriods" | "datapointsToAlarm" | "comparison" | "missingData">;

/** Periods that are looked at beyond the evaluated ones, for datapoints instead of missing ones. AWS tells no number. */
export const extraPeriods = 2;

/** @param datapoints those that exist in the evaluated periods and the extra ones, oldest first */
export function verdictOf(rules: Rules, datapoints: readonly Datapoint[]): Verdict {
  const { evaluationPeriods, datapointsToAlarm, missingData } = rules;
  const considered = datapoints.slice(-evaluationPeriods);
  const breaching = considered.filter((point) => isBreaching(rules, point)).length;
  const missing = evaluationPeriods - considered.length;
  const value = (): Verdict["value"] => {
    if (breaching >= datapointsToAlarm) return "ALARM";
    if (missing === 0 || missingData === "notBreaching") return "OK";
    if (missingData === "breaching") return breaching + missing >= datapointsToAlarm ? "ALARM" : "OK";
    // What exists decides as far as it is of one mind.
    if (breaching < considered.length) return "OK";
    if (missingData === "ignore") return "keep";
    return considered.length === 0 ? "INSUFFICIENT_DATA" : "ALARM";
  };
  return { value: value(), considered, missing, breaching };
}

function isBreaching({ comparison }: Rules, { value, threshold }: Datapoint): boolean {
  const [low, high] = typeof threshold === "number" ? [threshold, threshold] : threshold;
  switch (comparison) {
    case "GreaterThanOrEqualToThreshold":
      return value >= high;
    case "GreaterThanThreshold":
    case "GreaterThanUpperThreshold":
      return value > high;
    case "LessThanThreshold":
    case "LessThanLowerThreshold":
      return value < low;
    case "LessThanOrEqualToThreshold":
      return value <= low;
    case "LessThanLowerOrGreaterThanUpperThreshold":
      return value < low || value > high;
  }
}
