import { Alarm, type AlarmProps } from "../../../stacks/constructs/Alarm.ts";
import { onlyResource, synthesize } from "../synthesized.ts";
import { firstSteps, topicIn } from "./fixtures.ts";

const part: AlarmProps = {
  alarmName: "an-alarm",
  errorImpact: "Payments are late.",
  firstSteps,
  namespace: "AWS/Test",
  metricName: "Faults",
  dimensions: { Name: "x" },
  statistic: "Sum",
  periodSeconds: 120,
  above: 3,
};

function alarm(props: Partial<AlarmProps> = {}) {
  const json = synthesize((scope) => {
    new Alarm(scope, "alarm", { ...part, topic: topicIn(scope), ...props });
  });
  return onlyResource(json, "aws_cloudwatch_metric_alarm");
}

describe("Alarm", () => {
  it("has its name", () => expect(alarm().alarm_name).toBe("an-alarm"));
  it("says what customers notice", () => expect(alarm().alarm_description).toContain("Impact: Payments are late."));
  it("says the first three steps", () =>
    expect(alarm().alarm_description).toContain("\n1. Look at the log.\n2. Mend the cause.\n3. Send it again.\n"));
  it("says where to read on", () =>
    expect(alarm().alarm_description).toMatch(/\nRunbook: docs\/runbook\.md#an-alarm$/));
  it("watches the namespace", () => expect(alarm().namespace).toBe("AWS/Test"));
  it("watches the metric", () => expect(alarm().metric_name).toBe("Faults"));
  it("watches the dimensions", () => expect(alarm().dimensions).toEqual({ Name: "x" }));
  it.each(["Sum", "Maximum"] as const)("takes the %s", (statistic) =>
    expect(alarm({ statistic }).statistic).toBe(statistic),
  );
  it("looks at one period, or at several", () => {
    expect(alarm()).toMatchObject({ period: 120, evaluation_periods: 1 });
    expect(alarm({ periods: 3 })).toMatchObject({ period: 120, evaluation_periods: 3 });
  });
  it("rings above the threshold", () =>
    expect(alarm()).toMatchObject({ threshold: 3, comparison_operator: "GreaterThanThreshold" }));
  it("takes no data as good, or as no news", () => {
    expect(alarm().treat_missing_data).toBe("notBreaching");
    expect(alarm({ ringsWithoutData: true }).treat_missing_data).toBe("ignore");
  });
  it("rings at the topic, and says there that it is over", () => {
    const actions = [expect.stringMatching(/^\$\{aws_sns_topic\.a-topic_/)];
    expect(alarm()).toMatchObject({ alarm_actions: actions, ok_actions: actions });
  });
  it("rings nowhere by itself as a part of a composite alarm", () => {
    const json = synthesize((scope) => {
      new Alarm(scope, "alarm", part);
    });
    expect(onlyResource(json, "aws_cloudwatch_metric_alarm")).not.toHaveProperty("alarm_actions");
  });
});
