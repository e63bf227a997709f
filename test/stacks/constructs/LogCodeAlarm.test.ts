import { LogCodeAlarm } from "../../../stacks/constructs/LogCodeAlarm.ts";
import { onlyResource, synthesize } from "../synthesized.ts";
import { firstSteps, logGroupIn, topicIn } from "./fixtures.ts";

describe("LogCodeAlarm", () => {
  const json = synthesize((scope) => {
    new LogCodeAlarm(scope, "alarm", {
      alarmName: "an-alarm",
      logGroup: logGroupIn(scope),
      code: "a-code",
      errorImpact: "Payments are late.",
      firstSteps,
      topic: topicIn(scope),
    });
  });
  const filter = onlyResource(json, "aws_cloudwatch_log_metric_filter");
  const alarm = onlyResource(json, "aws_cloudwatch_metric_alarm");

  it("looks into the log group, and waits for it", () =>
    expect(filter.log_group_name).toMatch(/^\$\{aws_cloudwatch_log_group\.a-log-group_.*\.name\}$/));
  it("counts the lines with the code", () =>
    expect(filter).toMatchObject({ pattern: '{ $.code = "a-code" }', metric_transformation: { value: "1" } }));
  it("names filter, metric and alarm alike", () => {
    expect(filter).toMatchObject({ name: "an-alarm", metric_transformation: { name: "an-alarm" } });
    expect(alarm).toMatchObject({ alarm_name: "an-alarm", metric_name: "an-alarm" });
  });
  it("rings for what it counts, in a namespace that isn't AWS's", () => {
    const { namespace } = filter.metric_transformation as { namespace: string };
    expect(alarm.namespace).toBe(namespace);
    expect(namespace).not.toMatch(/^AWS\//);
  });
  it("rings with the first line, and on while one comes each day", () =>
    expect(alarm).toMatchObject({ statistic: "Sum", threshold: 0, period: 86_400 }));
  it("says what it means and what to do", () =>
    expect(alarm.alarm_description).toMatch(/^Impact: Payments are late\.\n\n1\. Look at the log\./));
  it("rings at the topic", () =>
    expect(alarm.alarm_actions).toEqual([expect.stringMatching(/aws_sns_topic\.a-topic/)]));
});
