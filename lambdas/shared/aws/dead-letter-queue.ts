import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { type DeadLetterQueue, historyAttributes } from "../domain/dead-letter.ts";
import { inDomainTerms } from "./errors.ts";

/** A dead-letter queue that a function sends to itself; reason and history travel as message attributes. */
export function createDeadLetterQueue(client: SQSClient, queueUrl: string): DeadLetterQueue {
  return {
    async send({ body, reason, detail, messageId, sentAt }) {
      const attribute = (value: string) => ({ DataType: "String", StringValue: value });
      const command = new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: body,
        MessageAttributes: {
          reason: attribute(reason),
          detail: attribute(detail),
          [historyAttributes.messageId]: attribute(messageId),
          [historyAttributes.sentAt]: attribute(sentAt),
        },
      });
      await inDomainTerms("Sending to the dead-letter queue", client.send(command));
    },
  };
}
