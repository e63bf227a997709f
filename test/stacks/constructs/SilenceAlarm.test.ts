import { SilenceAlarm, type SilenceAlarmProps } from "../../../stacks/constructs/SilenceAlarm.ts";
import { onlyResource, synthesize } from "../synthesized.ts";
import { firstSteps, topicIn } from "./fixtures.ts";

function alarm(props: Partial<SilenceAlarmProps> = {}) {
  const json = synthesize((scope) => {
    new SilenceAlarm(scope, "alarm", {
      alarmName: "an-alarm",
      errorImpact: "Payments are late.",
      firstSteps,
      namespace: "AWS/Test",
      metricName: "Successes",
      dimensions: { Name: "x" },
      hours: 30,
      topic: topicIn(scope),
      ...props,
    });
  });
  return onlyResource(json, "aws_cloudwatch_metric_alarm");
}

describe("SilenceAlarm", () => {
  it("has its name", () => expect(alarm().alarm_name).toBe("an-alarm"));
  it("says what customers notice", () => expect(alarm().alarm_description).toContain("Impact: Payments are late."));
  it("says the first steps", () => expect(alarm().alarm_description).toContain("1. Look at the log."));
  it("watches the namespace", () => expect(alarm().namespace).toBe("AWS/Test"));
  it("watches the metric", () => expect(alarm().metric_name).toBe("Successes"));
  it("watches the dimensions", () => expect(alarm().dimensions).toEqual({ Name: "x" }));
  it("looks at each of the hours", () =>
    expect(alarm()).toMatchObject({ statistic: "Sum", period: 3_600, evaluation_periods: 30 }));
  it("rings when all of them have nothing, which is no data", () =>
    expect(alarm()).toMatchObject({
      threshold: 1,
      comparison_operator: "LessThanThreshold",
      treat_missing_data: "breaching",
    }));
  it.each([0, 1.5, 169])("refuses %s hours", (hours) =>
    expect(() => alarm({ hours })).toThrow(/whole hours, 1 to 168/),
  );
  it("rings at the topic, and says there that it is over", () => {
    const actions = [expect.stringMatching(/^\$\{aws_sns_topic\.a-topic_/)];
    expect(alarm()).toMatchObject({ alarm_actions: actions, ok_actions: actions });
  });
});
