import type { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { createAlertTopics } from "../../../../lambdas/shared/aws/alert-topics.ts";
import { RetryableError } from "../../../../lambdas/shared/domain/retryable-error.ts";

const arns = { critical: "arn:critical", reconciliation: "arn:reconciliation" };

describe("alert topics", () => {
  it("get their own alerts", async () => {
    const sent: unknown[] = [];
    const client = { send: async ({ input }: PublishCommand) => void sent.push(input) };
    const topics = createAlertTopics(client as unknown as SNSClient, arns);
    await topics.publish("critical", { subject: "S", text: "T" });
    await topics.publish("reconciliation", { subject: "S", text: "T" });
    expect(sent).toEqual([
      { TopicArn: "arn:critical", Subject: "S", Message: "T" },
      { TopicArn: "arn:reconciliation", Subject: "S", Message: "T" },
    ]);
  });

  it("that are throttled are tried again", async () => {
    const throttle = Object.assign(new Error("slow down"), { name: "ThrottledException" });
    const client = { send: () => Promise.reject(throttle) };
    const topics = createAlertTopics(client as unknown as SNSClient, arns);
    await expect(topics.publish("critical", { subject: "S", text: "T" })).rejects.toBeInstanceOf(RetryableError);
  });
});
