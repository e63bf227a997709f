import type { MissingData } from "../../../../../local/services/cloudwatch/alarms/config.ts";
import { verdictOf } from "../../../../../local/services/cloudwatch/alarms/verdict.ts";

/** Periods from the oldest to the newest: `X` breaches, `0` doesn't, `-` has no data. */
function stateOf(periods: string, missingData: MissingData, of: { readonly datapointsToAlarm: number }): string {
  const datapoints = [...periods.replaceAll(" ", "")].flatMap((period, second) =>
    period === "-" ? [] : [{ second, value: period === "X" ? 1 : 0, threshold: 0 }],
  );
  const rules = { evaluationPeriods: 3, comparison: "GreaterThanThreshold", missingData, ...of } as const;
  return verdictOf(rules, datapoints).value;
}

const treatments = ["missing", "ignore", "breaching", "notBreaching"] as const;

describe("an alarm's state", () => {
  // The tables of the CloudWatch User Guide, "How alarm state is evaluated when data is missing".
  it.each([
    [3, "0 - X - X", ["OK", "OK", "OK", "OK"]],
    [3, "0 - - - -", ["OK", "OK", "OK", "OK"]],
    [3, "- - - - -", ["INSUFFICIENT_DATA", "keep", "ALARM", "OK"]],
    [3, "0 X X - X", ["ALARM", "ALARM", "ALARM", "ALARM"]],
    [3, "- - X - -", ["ALARM", "keep", "ALARM", "OK"]],
    [2, "0 - X - X", ["ALARM", "ALARM", "ALARM", "ALARM"]],
    [2, "0 0 X 0 X", ["ALARM", "ALARM", "ALARM", "ALARM"]],
    [2, "0 - X - -", ["OK", "OK", "ALARM", "OK"]],
    [2, "- - - - 0", ["OK", "OK", "ALARM", "OK"]],
    [2, "- - - X -", ["ALARM", "keep", "ALARM", "OK"]],
  ])("with %d datapoints of 3 to alarm and %s", (datapointsToAlarm, periods, states) => {
    expect(treatments.map((missingData) => stateOf(periods, missingData, { datapointsToAlarm }))).toEqual(states);
  });

  it.each([
    ["GreaterThanOrEqualToThreshold", [4, 5, 6], [false, true, true]],
    ["GreaterThanThreshold", [4, 5, 6], [false, false, true]],
    ["LessThanThreshold", [4, 5, 6], [true, false, false]],
    ["LessThanOrEqualToThreshold", [4, 5, 6], [true, true, false]],
  ] as const)("by %s 5", (comparison, values, breach) => {
    const rules = { evaluationPeriods: 1, datapointsToAlarm: 1, comparison, missingData: "missing" } as const;
    const states = values.map((value) => verdictOf(rules, [{ second: 0, value, threshold: 5 }]).value);
    expect(states).toEqual(breach.map((isBreach) => (isBreach ? "ALARM" : "OK")));
  });

  it.each([
    ["LessThanLowerOrGreaterThanUpperThreshold", [true, false, true]],
    ["LessThanLowerThreshold", [true, false, false]],
    ["GreaterThanUpperThreshold", [false, false, true]],
  ] as const)("by %s of a band", (comparison, breach) => {
    const rules = { evaluationPeriods: 1, datapointsToAlarm: 1, comparison, missingData: "missing" } as const;
    const states = [1, 3, 6].map((value) => verdictOf(rules, [{ second: 0, value, threshold: [2, 5] }]).value);
    expect(states).toEqual(breach.map((isBreach) => (isBreach ? "ALARM" : "OK")));
  });
});
