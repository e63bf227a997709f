import { AnomalyAlarm } from "../../../stacks/constructs/AnomalyAlarm.ts";
import { onlyResource, synthesize } from "../synthesized.ts";
import { firstSteps, topicIn } from "./fixtures.ts";

describe("AnomalyAlarm", () => {
  const alarm = onlyResource(
    synthesize((scope) => {
      new AnomalyAlarm(scope, "alarm", {
        alarmName: "an-alarm",
        errorImpact: "Payments may be missing.",
        firstSteps,
        namespace: "Ours",
        metricName: "accepted",
        dimensions: { environment: "dev" },
        statistic: "Sum",
        periodSeconds: 900,
        periods: 3,
        bandWidth: 2.5,
        topic: topicIn(scope),
      });
    }),
    "aws_cloudwatch_metric_alarm",
  );

  it("has its name and its words", () =>
    expect(alarm).toMatchObject({
      alarm_name: "an-alarm",
      alarm_description: expect.stringMatching(/^Impact: Payments may be missing\.\n\n1\. Look at the log\./),
    }));
  it("compares the metric with the band around what is expected of it, on both sides", () =>
    expect(alarm).toMatchObject({
      comparison_operator: "LessThanLowerOrGreaterThanUpperThreshold",
      threshold_metric_id: "band",
      metric_query: [
        { id: "band", expression: "ANOMALY_DETECTION_BAND(actual, 2.5)", return_data: true },
        {
          id: "actual",
          return_data: true,
          metric: { namespace: "Ours", metric_name: "accepted", dimensions: { environment: "dev" }, stat: "Sum" },
        },
      ],
    }));
  it("rings after so many periods", () => {
    expect(alarm).toMatchObject({ evaluation_periods: 3, treat_missing_data: "notBreaching" });
    expect(JSON.stringify(alarm.metric_query)).toContain('"period":900');
  });
  it("rings at the topic, and says there that it is over", () => {
    const actions = [expect.stringMatching(/^\$\{aws_sns_topic\.a-topic_/)];
    expect(alarm).toMatchObject({ alarm_actions: actions, ok_actions: actions });
  });
});
