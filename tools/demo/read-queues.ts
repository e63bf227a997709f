/** What lies on the queues. */
import {
  GetQueueAttributesCommand,
  ListQueuesCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { EventSeen, MessageSeen } from "./evidence.ts";
import { type Item, textsOf } from "./read-tables.ts";

/** The messages of every queue, by its name. They stay there, invisible for a while. */
export async function queuedMessages({ sqs }: { readonly sqs: SQSClient }): Promise<{
  readonly queues: ReadonlyMap<string, readonly MessageSeen[]>;
  readonly unreadable: ReadonlyMap<string, number>;
}> {
  const queues = new Map<string, MessageSeen[]>();
  const unreadable = new Map<string, number>();
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
  for (const QueueUrl of QueueUrls) {
    const name = QueueUrl.slice(QueueUrl.lastIndexOf("/") + 1);
    const inFlight = await hiddenOn(sqs, QueueUrl);
    if (inFlight > 0) unreadable.set(name, inFlight);
    queues.set(name, (await drain(sqs, QueueUrl)).map(messageSeen));
  }
  return { queues, unreadable };
}

async function hiddenOn(sqs: SQSClient, QueueUrl: string): Promise<number> {
  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
  const { ApproximateNumberOfMessagesNotVisible = 0, ApproximateNumberOfMessagesDelayed = 0 } = Attributes;
  return Number(ApproximateNumberOfMessagesNotVisible) + Number(ApproximateNumberOfMessagesDelayed);
}

async function drain(sqs: SQSClient, QueueUrl: string): Promise<Message[]> {
  const messages: Message[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: 600,
        WaitTimeSeconds: 0,
        MessageAttributeNames: ["All"],
      }),
    );
    if (Messages.length === 0) return messages;
    messages.push(...Messages);
  }
}

function messageSeen({ Body = "", MessageAttributes = {} }: Message): MessageSeen {
  const reason = MessageAttributes.reason?.StringValue;
  return { event: eventIn(Body), body: Body, ...(reason === undefined ? {} : { reason }) };
}

/** The event that a text tells of, whichever stage wrote it: a webhook message, an envelope of the bus, an alert. */
export function eventIn(text: string): EventSeen {
  const told = jsonIn(text);
  const { eventId = "", ...money } = textsOf(
    itemIn(told.detail ?? told.event ?? told),
    "eventId",
    "amountMinor",
    "currency",
  );
  return { eventId, ...money };
}

function jsonIn(text: string): Item {
  try {
    return itemIn(JSON.parse(text));
  } catch {
    // A dead letter may be no JSON at all.
    return {};
  }
}

function itemIn(value: unknown): Item {
  return typeof value === "object" && value !== null ? (value as Item) : {};
}
