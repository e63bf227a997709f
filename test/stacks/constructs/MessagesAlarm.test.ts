import { MessagesAlarm } from "../../../stacks/constructs/MessagesAlarm.ts";
import { onlyResource, synthesize } from "../synthesized.ts";
import { firstSteps, queueIn, topicIn } from "./fixtures.ts";

describe("MessagesAlarm", () => {
  const alarm = onlyResource(
    synthesize((scope) => {
      new MessagesAlarm(scope, "alarm", {
        queue: queueIn(scope),
        errorImpact: "Payments are missing.",
        firstSteps,
        topic: topicIn(scope),
      });
    }),
    "aws_cloudwatch_metric_alarm",
  );

  it("rings with the first message in the queue", () =>
    expect(alarm).toMatchObject({
      alarm_name: "a-queue-not-empty",
      metric_name: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: "a-queue" },
      statistic: "Maximum",
      threshold: 0,
    }));
  it("says what it means and what to do", () =>
    expect(alarm.alarm_description).toMatch(/^Impact: Payments are missing\.\n\n1\. Look at the log\./));
  it("rings at the topic", () =>
    expect(alarm.alarm_actions).toEqual([expect.stringMatching(/aws_sns_topic\.a-topic/)]));
});
