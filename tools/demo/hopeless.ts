/**
 * Puts in what can never succeed, past the API, which would refuse it: it has to end on the dead-letter queue of its
 * way, and the permissions to send it there are needed for nothing else.
 */
import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { GetQueueUrlCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { paymentEventSource } from "../../config/events.ts";
import type { Names } from "../../config/names.ts";
import type { DemoClients } from "./clients.ts";
import type { Random } from "./random.ts";

export interface HopelessMessage {
  /** The queue that it has to end on. */
  readonly queueName: string;
  /** Stands in the message. */
  readonly token: string;
}

/** Amounts in US dollars, well within the tiers that workflows decide. */
const workflowAmountsUsd = [5_000, 50_000];

/** Times that the bus is asked to take an event. */
const mostRounds = 10;

/** The queues that hopeless messages end on; nothing else may be there. */
export function hopelessQueues(names: Names): readonly string[] {
  return [names.dlq("webhook-events"), names.dlq("low-value-batch"), names.queues.workflowFailed];
}

export async function sendHopeless(
  clients: DemoClients,
  names: Names,
  random: Random,
): Promise<readonly HopelessMessage[]> {
  const [recording, scoring, workflows] = hopelessQueues(names);
  return [
    await sendText(clients, names.queues.webhookEvents, { queueName: String(recording), token: random.hex(24) }),
    await sendText(clients, names.queues.lowValueBatch, { queueName: String(scoring), token: random.hex(24) }),
    ...(await putEvents(clients, names, String(workflows), random)),
  ];
}

async function sendText({ sqs }: DemoClients, to: string, message: HopelessMessage): Promise<HopelessMessage> {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: to }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: `This is no JSON: ${message.token}` }));
  return message;
}

/** Events with an amount, so that a rule takes them, and nothing else, so that no function can. */
async function putEvents(
  { events }: DemoClients,
  names: Names,
  queueName: string,
  random: Random,
): Promise<readonly HopelessMessage[]> {
  const messages = workflowAmountsUsd.map((routingAmountUsd) => ({
    queueName,
    token: random.hex(24),
    routingAmountUsd,
  }));
  const Entries = messages.map(({ token, routingAmountUsd }) => ({
    EventBusName: names.bus,
    Source: paymentEventSource,
    DetailType: "other",
    Detail: JSON.stringify({ eventId: token, routingAmountUsd }),
  }));
  let open = Entries;
  for (let round = 0; open.length > 0 && round < mostRounds; round += 1) {
    const { Entries: results = [] } = await events.send(new PutEventsCommand({ Entries: open }));
    // In a run with faults the bus refuses entries of an answer that is good otherwise.
    open = open.filter((_entry, index) => results[index]?.ErrorCode !== undefined);
  }
  if (open.length > 0) throw new Error("The bus took not all of the events that nobody can work on.");
  return messages;
}
