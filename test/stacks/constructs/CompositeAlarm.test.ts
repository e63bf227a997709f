import { Alarm } from "../../../stacks/constructs/Alarm.ts";
import { CompositeAlarm } from "../../../stacks/constructs/CompositeAlarm.ts";
import { resourcesOf, synthesize } from "../synthesized.ts";
import { firstSteps, topicIn } from "./fixtures.ts";

const words = { errorImpact: "Payments are late.", firstSteps };

function composites(parts: number, hasCause = false) {
  const json = synthesize((scope) => {
    const alarms = Array.from({ length: parts }, (_, index) => {
      return new Alarm(scope, `part-${index}`, {
        ...words,
        alarmName: `part-${index}`,
        namespace: "AWS/Test",
        metricName: "Faults",
        dimensions: {},
        statistic: "Sum",
        periodSeconds: 60,
        above: 0,
      });
    });
    const topic = topicIn(scope);
    const cause = new CompositeAlarm(scope, "cause", {
      ...words,
      alarmName: "a-cause",
      anyOf: alarms.slice(0, 1),
      topic,
    });
    new CompositeAlarm(scope, "whole", {
      ...words,
      alarmName: "a-whole",
      anyOf: alarms,
      ...(hasCause && { quietWhile: cause }),
      topic,
    });
  });
  return resourcesOf(json, "aws_cloudwatch_composite_alarm").find(({ config }) => config.alarm_name === "a-whole")
    ?.config;
}

describe("CompositeAlarm", () => {
  it("has its words", () =>
    expect(composites(1)?.alarm_description).toMatch(/^Impact: Payments are late\.\n\n1\. Look at the log\./));
  it("rings while one of its parts does, and refers to them", () => {
    const part = (index: number) =>
      `ALARM\\("\\$\\{aws_cloudwatch_metric_alarm\\.part-${index}_\\w+\\.alarm_name\\}"\\)`;
    expect(composites(2)?.alarm_rule).toMatch(new RegExp(`^${part(0)} OR ${part(1)}$`));
  });
  it("keeps quiet while its cause rings, and ten minutes longer", () => {
    expect(composites(1, true)?.actions_suppressor).toEqual({
      alarm: expect.stringMatching(/^\$\{aws_cloudwatch_composite_alarm\.cause_\w+\.alarm_name\}$/),
      wait_period: 180,
      extension_period: 600,
    });
    expect(composites(1)).not.toHaveProperty("actions_suppressor");
  });
  it("rings at the topic, and says there that it is over", () => {
    const actions = [expect.stringMatching(/^\$\{aws_sns_topic\.a-topic_/)];
    expect(composites(1)).toMatchObject({ alarm_actions: actions, ok_actions: actions });
  });
  it.each([0, 101])("refuses %s parts", (parts) =>
    expect(() => composites(parts)).toThrow(/CloudWatch takes 1 to 100/),
  );
});
