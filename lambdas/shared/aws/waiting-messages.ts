import { GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { WaitingMessages } from "../domain/archive/ports.ts";
import { inDomainTerms } from "./errors.ts";

const depths = [
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesNotVisible",
  "ApproximateNumberOfMessagesDelayed",
] as const;

/** How many messages the queues hold, those included that somebody is working on. SQS's counts are approximate. */
export function createWaitingMessages(client: SQSClient, queueUrls: readonly string[]): WaitingMessages {
  return {
    waiting: () =>
      Promise.all(
        queueUrls.map(async (url) => {
          const command = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...depths] });
          const { Attributes = {} } = await inDomainTerms("Asking for a queue's depth", client.send(command));
          const messages = depths.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
          return { queue: url.slice(url.lastIndexOf("/") + 1), messages };
        }),
      ),
  };
}
