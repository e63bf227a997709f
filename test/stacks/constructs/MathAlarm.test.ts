import { MathAlarm, type MathAlarmProps } from "../../../stacks/constructs/MathAlarm.ts";
import { onlyResource, synthesize } from "../synthesized.ts";
import { firstSteps, topicIn } from "./fixtures.ts";

const metric = { namespace: "AWS/Test", metricName: "Errors", dimensions: { Name: "x" }, statistic: "Sum" } as const;
const slow = { ...metric, metricName: "Latency", statistic: "p95" } as const;

function alarm(props: Partial<MathAlarmProps> = {}) {
  const json = synthesize((scope) => {
    new MathAlarm(scope, "alarm", {
      alarmName: "an-alarm",
      errorImpact: "Payments are late.",
      firstSteps,
      metrics: { errors: metric, slow },
      expression: "IF(errors > 1, slow, 0)",
      label: "milliseconds",
      above: 7,
      periodSeconds: 300,
      topic: topicIn(scope),
      ...props,
    });
  });
  return onlyResource(json, "aws_cloudwatch_metric_alarm");
}

describe("MathAlarm", () => {
  it("has its name and its words", () =>
    expect(alarm()).toMatchObject({
      alarm_name: "an-alarm",
      alarm_description: expect.stringMatching(/^Impact: Payments are late\.\n\n1\. Look at the log\./),
    }));
  it("compares what the expression comes to, and nothing else", () =>
    expect(alarm().metric_query).toContainEqual({
      id: "result",
      expression: "IF(errors > 1, slow, 0)",
      label: "milliseconds",
      return_data: true,
    }));
  it("gives the expression each metric under its id", () => {
    const { metric_query: queries } = alarm();
    const of = { namespace: "AWS/Test", dimensions: { Name: "x" }, period: 300 };
    expect(queries).toContainEqual({
      id: "errors",
      return_data: false,
      metric: { ...of, metric_name: "Errors", stat: "Sum" },
    });
    expect(queries).toContainEqual({
      id: "slow",
      return_data: false,
      metric: { ...of, metric_name: "Latency", stat: "p95" },
    });
  });
  it("rings above the threshold, in one period or in several", () => {
    expect(alarm()).toMatchObject({
      threshold: 7,
      comparison_operator: "GreaterThanThreshold",
      evaluation_periods: 1,
      treat_missing_data: "notBreaching",
    });
    expect(alarm({ periods: 2 }).evaluation_periods).toBe(2);
  });
  it("rings at the topic, and says there that it is over", () => {
    const actions = [expect.stringMatching(/^\$\{aws_sns_topic\.a-topic_/)];
    expect(alarm()).toMatchObject({ alarm_actions: actions, ok_actions: actions });
  });
  it.each<[string, Partial<MathAlarmProps>, RegExp]>([
    ["a metric that isn't computed with", { expression: "errors" }, /the expression doesn't say "slow"/],
    ["an id with a capital", { metrics: { Errors: metric }, expression: "Errors" }, /"Errors" can't be an id/],
    ["the result's own id", { metrics: { result: metric }, expression: "result" }, /"result" can't be an id/],
    [
      "eleven metrics",
      {
        metrics: Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`m${index}`, metric])),
        expression: Array.from({ length: 11 }, (_, index) => `m${index}`).join(" + "),
      },
      /11 metrics; CloudWatch takes 10/,
    ],
  ])("refuses %s", (_what, props, message) => expect(() => alarm(props)).toThrow(message));
});
