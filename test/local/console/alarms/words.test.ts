import { conditionOf, partsOf, readDescription } from "../../../../local/console/alarms/words.ts";

describe("an alarm's description", () => {
  it("is taken apart as our constructs write it", () => {
    const description = [
      "Impact: Payments wait.",
      "1. Look at `webhook-events`.\n2. Mend it.\n3. Redrive.",
      "Runbook: docs/runbook.md#webhook-events-dlq-env-not-empty",
    ].join("\n\n");
    expect(readDescription(description)).toEqual({
      impact: "Payments wait.",
      firstSteps: ["Look at `webhook-events`.", "Mend it.", "Redrive."],
      runbook: "docs/runbook.md#webhook-events-dlq-env-not-empty",
    });
  });

  it("is all impact where it is written otherwise", () => {
    expect(readDescription("Ask Ops.")).toEqual({ impact: "Ask Ops.", firstSteps: [] });
  });
});

describe("when an alarm rings", () => {
  it("is said for a metric", () => {
    expect(
      conditionOf({
        ...{ MetricName: "Errors", Namespace: "AWS/Lambda", Statistic: "Sum", Period: 300, EvaluationPeriods: 3 },
        Dimensions: [{ Name: "FunctionName", Value: "f" }],
        ...{ DatapointsToAlarm: 2, Threshold: 0, ComparisonOperator: "GreaterThanThreshold" },
        TreatMissingData: "notBreaching",
      }),
    ).toBe("Sum of Errors (AWS/Lambda, FunctionName f) above 0 in 2 of 3 periods of 5 min. No data counts as good.");
  });

  it("is said for an expression, with what it is made of", () => {
    const Metric = { Namespace: "AWS/ApiGateway", MetricName: "Count", Dimensions: [] };
    expect(
      conditionOf({
        Metrics: [
          { Id: "rate", Expression: "100 * errors / all", Label: "Error rate" },
          { Id: "all", MetricStat: { Metric, Period: 3_600, Stat: "Sum" }, ReturnData: false },
        ],
        ...{ EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: "GreaterThanOrEqualToThreshold" },
      }),
    ).toBe(
      "Error rate, where rate = 100 * errors / all; all = Sum of Count (AWS/ApiGateway), at least 1 in 1 of 1 period of 1 hour. Without data it says so.",
    );
  });
});

it("the parts of a composite alarm are those that its rule names, by name or ARN, each once", () => {
  const arn = "arn:aws:cloudwatch:us-east-1:000000000000:alarm:three";
  const AlarmRule = `(ALARM("one") OR ALARM(two)) AND NOT OK("${arn}") AND NOT ALARM("one") OR FALSE`;
  expect(partsOf({ AlarmRule })).toEqual(["one", "two", "three"]);
});
