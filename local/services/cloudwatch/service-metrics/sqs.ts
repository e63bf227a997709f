/** Source: SQS Developer Guide, "Available CloudWatch metrics for Amazon SQS". */
import type { Ended } from "./observed.ts";
import { type Book, lastPart, tellerOf } from "./teller.ts";

/** What a queue holds at a moment. */
export interface QueueState {
  readonly name: string;
  readonly visible: number;
  readonly delayed: number;
  readonly notVisible: number;
  /** Epoch milliseconds of its oldest message's sending; undefined when it is empty. */
  readonly oldestSentAtMs: number | undefined;
}

export interface SqsMetrics {
  /** Told of each call. */
  ended(ended: Ended): void;
  /** Told of a message that another service has put into a queue. */
  sent(queueName: string, bytes: number): void;
  sample(queues: readonly QueueState[]): void;
}

export function sqsMetrics(book: Book): SqsMetrics {
  const teller = tellerOf(book, "AWS/SQS");
  const ofQueue = (name: string) => teller(["QueueName", name]);
  const sent = (queueName: string, bytes: number) => {
    const tell = ofQueue(queueName);
    tell("NumberOfMessagesSent", 1);
    tell("SentMessageSize", bytes, "Bytes");
  };
  return {
    sent,
    ended({ operation, input, output }) {
      if (output === undefined || typeof input.QueueUrl !== "string") return;
      const name = lastPart(input.QueueUrl);
      if (operation === "SendMessage") sent(name, Buffer.byteLength(String(input.MessageBody)));
      else if (operation === "SendMessageBatch") {
        const bodies = new Map(listOf(input.Entries).map(({ Id, MessageBody }) => [Id, String(MessageBody)]));
        for (const { Id } of listOf(output.Successful)) sent(name, Buffer.byteLength(bodies.get(Id) ?? ""));
      } else if (operation === "ReceiveMessage") {
        const received = listOf(output.Messages).length;
        ofQueue(name)(received === 0 ? "NumberOfEmptyReceives" : "NumberOfMessagesReceived", received || 1);
      } else if (operation === "DeleteMessage") ofQueue(name)("NumberOfMessagesDeleted", 1);
      else if (operation === "DeleteMessageBatch") {
        const deleted = listOf(output.Successful).length;
        if (deleted > 0) ofQueue(name)("NumberOfMessagesDeleted", deleted);
      }
    },
    sample(queues) {
      for (const { name, visible, delayed, notVisible, oldestSentAtMs } of queues) {
        const tell = ofQueue(name);
        tell("ApproximateNumberOfMessagesVisible", visible);
        tell("ApproximateNumberOfMessagesDelayed", delayed);
        tell("ApproximateNumberOfMessagesNotVisible", notVisible);
        const ageMs = oldestSentAtMs === undefined ? 0 : Math.max(0, book.now() - oldestSentAtMs);
        tell("ApproximateAgeOfOldestMessage", Math.floor(ageMs / 1_000), "Seconds");
      }
    },
  };
}

function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? (value as Record<string, unknown>[]) : [];
}
