import { Construct } from "constructs";
import { lambdas } from "../../config/lambdas.ts";
import type { EventBus } from "../constructs/EventBus.ts";
import type { Queue } from "../constructs/Queue.ts";
import { QueueConsumer } from "../constructs/QueueConsumer.ts";
import type { Table } from "../constructs/Table.ts";
import { webhookEventsBatch } from "./Intake.ts";
import type { PipelineKit } from "./PipelineKit.ts";

export interface RecordingProps {
  readonly kit: PipelineKit;
  readonly webhookEvents: Queue;
  /** The function sends here itself what can never succeed (WEBHOOK_RULES 15). */
  readonly webhookEventsDeadLetters: Queue;
  readonly processedWebhooks: Table;
  readonly transactions: Table;
  readonly bus: EventBus;
  readonly maximumConcurrency: number;
}

/** From the queue to the bus: webhook-events → webhook-dedup → tables and payment-events. */
export class Recording extends Construct {
  constructor(scope: Construct, id: string, props: RecordingProps) {
    super(scope, id);
    const { kit, webhookEvents, webhookEventsDeadLetters, processedWebhooks, transactions, bus } = props;
    const { maximumConcurrency } = props;
    const { timeoutSeconds } = lambdas["webhook-dedup"];
    const dedup = kit.function(this, "webhook-dedup", {
      environmentVariables: {
        PROCESSED_WEBHOOKS_TABLE: processedWebhooks.tableName,
        TRANSACTIONS_TABLE: transactions.tableName,
        EVENT_BUS_NAME: bus.busName,
        WEBHOOK_EVENTS_DLQ_URL: webhookEventsDeadLetters.url,
        // Longer than the function can run, and over before the queue shows a crashed worker's message again.
        LEASE_SECONDS: String(2 * timeoutSeconds),
        ...kit.routingVariables,
        ...kit.tracingVariables,
      },
      statements: [
        ...webhookEvents.allowConsume(),
        ...webhookEventsDeadLetters.allowSend(),
        ...processedWebhooks.allow("GetItem", "UpdateItem"),
        ...transactions.allow("PutItem"),
        ...bus.allowPutEvents(),
      ],
    });
    new QueueConsumer(this, "webhook-events-consumer", {
      queue: webhookEvents,
      consumer: dedup,
      batch: webhookEventsBatch,
      maximumConcurrency,
      errorImpact: "Accepted webhooks are not recorded: payments are missing until the messages are redriven.",
      alarmTopic: kit.alarmTopic,
    });
  }
}
