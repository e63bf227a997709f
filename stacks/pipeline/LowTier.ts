import { Construct } from "constructs";
import { usd } from "../../config/money.ts";
import type { ContainerFunction } from "../constructs/ContainerFunction.ts";
import type { EventBus } from "../constructs/EventBus.ts";
import { LogGroup } from "../constructs/LogGroup.ts";
import { type Batch, QueueConsumer } from "../constructs/QueueConsumer.ts";
import type { Table } from "../constructs/Table.ts";
import type { PipelineKit } from "./PipelineKit.ts";

export interface LowTierProps {
  readonly kit: PipelineKit;
  readonly bus: EventBus;
  readonly fraudCounters: Table;
  readonly transactions: Table;
  readonly maximumConcurrency: number;
}

const batch: Batch = { size: 10, windowSeconds: 0 };

/** Small amounts: logged, and scored in batches by the fraud detector, which records the decisions itself. */
export class LowTier extends Construct {
  /** The workflows of the other tiers call it too. */
  readonly fraudDetector: ContainerFunction;

  constructor(scope: Construct, id: string, props: LowTierProps) {
    super(scope, id);
    const { kit, bus, fraudCounters, transactions, maximumConcurrency } = props;
    const { mediumFrom } = kit.routingThresholdsUsd;
    const rule = kit.tierRule(this, "low-value", {
      bus,
      description: `Events below ${usd(mediumFrom)} are logged and scored in batches.`,
      routingAmountUsd: { numeric: ["<", mediumFrom] },
    });
    const { queue, deadLetters } = kit.consumedQueue(this, "low-value-batch", {
      queueName: kit.names.queues.lowValueBatch,
      consumer: "fraud-detector",
      batch,
      eventSenders: [rule.arn],
    });
    rule.addTarget("low-value-batch", {
      receiver: { kind: "queue", queue },
      errorImpact: "Small payments stay without a fraud decision.",
    });
    rule.addTarget("log", {
      receiver: {
        kind: "log group",
        logGroup: new LogGroup(this, "log", {
          logGroupName: kit.names.logGroup("/aws/events/low-value"),
          logs: kit.logs,
        }),
      },
      errorImpact: "None for customers: small payments are missing from the log, but are scored and recorded.",
    });
    this.fraudDetector = kit.function(this, "fraud-detector", {
      environmentVariables: {
        FRAUD_COUNTERS_TABLE: fraudCounters.tableName,
        TRANSACTIONS_TABLE: transactions.tableName,
        LOW_VALUE_BATCH_DLQ_URL: deadLetters.url,
        ...kit.routingVariables,
        ...kit.tracingVariables,
      },
      statements: [
        ...queue.allowConsume(),
        ...deadLetters.allowSend(),
        ...fraudCounters.allow("BatchGetItem", "PutItem", "UpdateItem"),
        ...transactions.allow("PutItem"),
      ],
    });
    new QueueConsumer(this, "low-value-batch-consumer", {
      queue,
      consumer: this.fraudDetector,
      batch,
      maximumConcurrency,
      errorImpact: "Small payments stay without a fraud decision.",
      alarmTopic: kit.alarmTopic,
    });
  }
}
