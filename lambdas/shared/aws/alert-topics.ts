import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import type { Alerts } from "../domain/reconciliation/ports.ts";
import { inDomainTerms } from "./errors.ts";

/** Topics that people are subscribed to. SNS may repeat an alert, and so may a caller that isn't sure of the first. */
export function createAlertTopics(
  client: SNSClient,
  topicArns: Readonly<Record<Parameters<Alerts["publish"]>[0], string>>,
): Alerts {
  return {
    async publish(topic, { subject, text }) {
      const command = new PublishCommand({ TopicArn: topicArns[topic], Subject: subject, Message: text });
      await inDomainTerms("Publishing an alert", client.send(command));
    },
  };
}
