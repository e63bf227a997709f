import {
  ChangeMessageVisibilityBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { limits } from "../../../config/limits.ts";
import { chunksOf } from "../domain/chunks-of.ts";
import type { DeadLetterSource, HeldLetter, LetterAttribute } from "../domain/dead-letters.ts";
import { inDomainTerms } from "./errors.ts";

/** Dead-letter queues in SQS. Looking counts as a receive, which no dead-letter queue minds. */
export function createDeadLetterSource(client: SQSClient): DeadLetterSource {
  return {
    async take(queueUrl, holdSeconds) {
      const command = new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: limits.sqsBatchEntries,
        VisibilityTimeout: holdSeconds,
        // Asks all of SQS's servers: a short poll may miss what is there.
        WaitTimeSeconds: 1,
        MessageAttributeNames: ["All"],
        MessageSystemAttributeNames: ["SentTimestamp"],
      });
      const { Messages = [] } = await inDomainTerms("Looking into a dead-letter queue", client.send(command));
      return Messages.map(letterOf);
    },
    async giveBack(queueUrl, letters) {
      for (const chunk of chunksOf(letters, limits.sqsBatchEntries)) {
        const command = new ChangeMessageVisibilityBatchCommand({
          QueueUrl: queueUrl,
          Entries: chunk.map(({ receipt }, at) => ({ Id: String(at), ReceiptHandle: receipt, VisibilityTimeout: 0 })),
        });
        // Those that SQS refuses are gone, or visible again by themselves.
        await inDomainTerms("Giving dead letters back", client.send(command));
      }
    },
  };
}

function letterOf({ MessageId, Body, ReceiptHandle, Attributes, MessageAttributes = {} }: Message): HeldLetter {
  if (MessageId === undefined || ReceiptHandle === undefined) throw new Error("SQS gave a message without its id");
  const attributes = Object.entries(MessageAttributes).map(
    ([name, { DataType: dataType = "String", StringValue, BinaryValue }]): readonly [string, LetterAttribute] => {
      const value = BinaryValue === undefined ? (StringValue ?? "") : Buffer.from(BinaryValue).toString("base64");
      return [name, { dataType, value }];
    },
  );
  return {
    messageId: MessageId,
    receipt: ReceiptHandle,
    body: Body ?? "",
    attributes: Object.fromEntries(attributes),
    enqueuedAt: new Date(Number(Attributes?.SentTimestamp ?? 0)).toISOString(),
  };
}
