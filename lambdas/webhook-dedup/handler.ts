import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SQSClient } from "@aws-sdk/client-sqs";
import * as v from "valibot";
import { webhookMessageSchema } from "../../config/events.ts";
import { createClaimStore } from "../shared/aws/claim-store.ts";
import { clientOptions, clients, withoutCallLog } from "../shared/aws/client-options.ts";
import { createDeadLetterQueue } from "../shared/aws/dead-letter-queue.ts";
import { createEventBus } from "../shared/aws/event-bus.ts";
import { createTransactionStore } from "../shared/aws/transaction-store.ts";
import { createTierOf } from "../shared/domain/routing.ts";
import { logLevel, positiveInteger, readEnv, requiredText, routingThresholds } from "../shared/runtime/env.ts";
import { createEventFields } from "../shared/runtime/event-fields.ts";
import { createLog } from "../shared/runtime/log.ts";
import { createMetrics } from "../shared/runtime/metrics.ts";
import { sqsBatchHandler } from "../shared/runtime/sqs.ts";
import { contextMissing, createTracing, tracingMode } from "../shared/runtime/tracing.ts";
import { createDeduplication } from "./deduplicate.ts";
import { measured } from "./measured.ts";

const env = readEnv(
  v.object({
    PROCESSED_WEBHOOKS_TABLE: requiredText,
    TRANSACTIONS_TABLE: requiredText,
    EVENT_BUS_NAME: requiredText,
    WEBHOOK_EVENTS_DLQ_URL: requiredText,
    LEASE_SECONDS: positiveInteger,
    ROUTING_THRESHOLDS_USD: routingThresholds,
    ENVIRONMENT: requiredText,
    LOG_LEVEL: logLevel,
    TRACING: tracingMode,
    AWS_XRAY_CONTEXT_MISSING: contextMissing,
  }),
);

const log = createLog("webhook-dedup");
const metrics = createMetrics("webhook-dedup", { environment: env.ENVIRONMENT, log });
const tierOf = createTierOf(env.ROUTING_THRESHOLDS_USD);
const eventFields = createEventFields(tierOf);
const dynamoDb = withoutCallLog(new DynamoDBClient(clientOptions));

const deduplicate = createDeduplication(
  {
    claims: createClaimStore(dynamoDb, env.PROCESSED_WEBHOOKS_TABLE),
    transactions: createTransactionStore(dynamoDb, env.TRANSACTIONS_TABLE),
    bus: createEventBus(withoutCallLog(new EventBridgeClient(clientOptions)), env.EVENT_BUS_NAME),
    now: Date.now,
    newToken: randomUUID,
    tierOf,
    sleep: (ms) => sleep(ms),
    random: Math.random,
  },
  env.LEASE_SECONDS,
);

/** SQS `webhook-events` → one outcome per message. */
export const handler = sqsBatchHandler({
  schema: webhookMessageSchema,
  async process(deliveries) {
    const outcomes = await deduplicate(deliveries);
    metrics.publish(() => measured(deliveries, outcomes, { tierOf, nowMs: Date.now() }));
    return outcomes;
  },
  deadLetters: createDeadLetterQueue(withoutCallLog(new SQSClient(clientOptions)), env.WEBHOOK_EVENTS_DLQ_URL),
  log,
  describe: ({ event }) => eventFields(event),
  now: Date.now,
  tracing: createTracing({ mode: env.TRACING, log, clients }),
});
