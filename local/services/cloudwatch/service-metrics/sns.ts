/** Source: SNS Developer Guide, "Monitoring Amazon SNS topics using CloudWatch". */
import type { Ended } from "./observed.ts";
import type { SqsMetrics } from "./sqs.ts";
import { type Book, lastPart, tellerOf } from "./teller.ts";

/** @param queuesOf names of the queues that a topic's messages are delivered to */
export function snsMetrics(
  book: Book,
  queuesOf: (topicArn: string) => readonly string[],
  sqs: Pick<SqsMetrics, "sent">,
): (ended: Ended) => void {
  const teller = tellerOf(book, "AWS/SNS");
  return ({ operation, input, output, response }) => {
    const isDone = output !== undefined || response?.status === 200;
    if (operation !== "Publish" || typeof input.TopicArn !== "string" || !isDone) return;
    const tell = teller(["TopicName", lastPart(input.TopicArn)]);
    const bytes = Buffer.byteLength(String(input.Message));
    tell("NumberOfMessagesPublished", 1);
    tell("PublishSize", bytes, "Bytes");
    for (const queue of queuesOf(input.TopicArn)) {
      tell("NumberOfNotificationsDelivered", 1);
      sqs.sent(queue, bytes);
    }
  };
}
