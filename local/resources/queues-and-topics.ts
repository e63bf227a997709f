/** Queues and topics, in the emulator. */
import { localRegion } from "../aws/types.ts";
import type { Fauxqs } from "../emulators/fauxqs.ts";
import type { ResolvedResource } from "../terraform/resolve.ts";
import { type Inventory, number, optionalText, text } from "./inventory.ts";

/** Creates the queues, or brings those that were kept on disk up to date. */
export function createQueues(inventory: Inventory, emulator: Fauxqs): void {
  for (const resource of inventory.ofType("aws_sqs_queue")) {
    const attributes = queueAttributes(resource);
    const kept = emulator.sqs.getQueueByName(text(resource, "name"));
    if (kept === undefined) {
      emulator.sqs.createQueue(text(resource, "name"), text(resource, "url"), text(resource, "arn"), attributes);
    } else {
      kept.url = text(resource, "url");
      // An empty redrive policy takes away the one that was kept.
      kept.setAttributes({ RedrivePolicy: "", ...attributes });
    }
  }
}

function queueAttributes(resource: ResolvedResource): Record<string, string> {
  const { config } = resource;
  const redrive = optionalText(resource, "redrive_policy");
  return {
    VisibilityTimeout: String(number(config, "visibility_timeout_seconds", 30)),
    MessageRetentionPeriod: String(number(config, "message_retention_seconds", 345_600)),
    DelaySeconds: String(number(config, "delay_seconds", 0)),
    ReceiveMessageWaitTimeSeconds: String(number(config, "receive_wait_time_seconds", 0)),
    MaximumMessageSize: String(number(config, "max_message_size", 262_144)),
    ...(redrive === undefined ? {} : { RedrivePolicy: redrive }),
  };
}

/** Topics; their e-mail and SMS subscriptions go nowhere, those of queues are delivered. */
export function createTopics(inventory: Inventory, emulator: Fauxqs): void {
  for (const resource of inventory.ofType("aws_sns_topic")) {
    emulator.sns.createTopic(text(resource, "name"), {}, undefined, localRegion);
  }
  for (const resource of inventory.ofType("aws_sns_topic_subscription")) {
    if (text(resource, "protocol") !== "sqs") continue;
    const raw = resource.config.raw_message_delivery === true ? { RawMessageDelivery: "true" } : undefined;
    emulator.sns.subscribe(text(resource, "topic_arn"), "sqs", text(resource, "endpoint"), raw);
  }
}
