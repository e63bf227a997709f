import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import * as v from "valibot";
import { type FraudScore, type PaymentEvent, paymentEventSchema } from "../../config/events.ts";
import { scorecard } from "../../config/scorecard.ts";
import { clientOptions, clients, withoutCallLog } from "../shared/aws/client-options.ts";
import { createDeadLetterQueue } from "../shared/aws/dead-letter-queue.ts";
import { createFraudCounterStore } from "../shared/aws/fraud-counter-store.ts";
import { createTransactionStore } from "../shared/aws/transaction-store.ts";
import { createTierOf } from "../shared/domain/routing.ts";
import { logLevel, readEnv, requiredText, routingThresholds } from "../shared/runtime/env.ts";
import { createEventFields } from "../shared/runtime/event-fields.ts";
import { createLog } from "../shared/runtime/log.ts";
import { createMetrics } from "../shared/runtime/metrics.ts";
import { sqsBatchHandler } from "../shared/runtime/sqs.ts";
import { contextMissing, createTracing, tracingMode } from "../shared/runtime/tracing.ts";
import { createBatchDecision } from "./decide-batch.ts";
import { measured, type Scored } from "./measured.ts";
import { createScoring } from "./score-event.ts";

const env = readEnv(
  v.object({
    FRAUD_COUNTERS_TABLE: requiredText,
    TRANSACTIONS_TABLE: requiredText,
    LOW_VALUE_BATCH_DLQ_URL: requiredText,
    ROUTING_THRESHOLDS_USD: routingThresholds,
    ENVIRONMENT: requiredText,
    LOG_LEVEL: logLevel,
    TRACING: tracingMode,
    AWS_XRAY_CONTEXT_MISSING: contextMissing,
  }),
);

const log = createLog("fraud-detector");
const metrics = createMetrics("fraud-detector", { environment: env.ENVIRONMENT, log });
const tracing = createTracing({ mode: env.TRACING, log, clients });
const now = Date.now;
const tierOf = createTierOf(env.ROUTING_THRESHOLDS_USD);
const eventFields = createEventFields(tierOf);
const dynamoDb = withoutCallLog(new DynamoDBClient(clientOptions));
/** What the invocation that is under way has scored so far: an execution environment has one at a time. */
const scored: Scored[] = [];
const ports = {
  counters: createFraudCounterStore(dynamoDb, {
    fraudCounters: env.FRAUD_COUNTERS_TABLE,
    transactions: env.TRANSACTIONS_TABLE,
  }),
  transactions: createTransactionStore(dynamoDb, env.TRANSACTIONS_TABLE),
  now,
  sleep: (ms: number) => sleep(ms),
  random: Math.random,
  tierOf,
  onScored: (event: PaymentEvent, score: FraudScore) => void scored.push({ event, score, atMs: now() }),
};
const scoreEvent = createScoring(ports, scorecard);

const handleBatch = sqsBatchHandler<PaymentEvent>({
  schema: paymentEventSchema,
  process: createBatchDecision(ports, scorecard),
  deadLetters: createDeadLetterQueue(withoutCallLog(new SQSClient(clientOptions)), env.LOW_VALUE_BATCH_DLQ_URL),
  log,
  describe: eventFields,
  now,
  tracing,
});

/** A PaymentEvent from a state machine → its score; a batch from the queue `low-value-batch` → recorded decisions. */
export async function handler(input: SQSEvent | PaymentEvent): Promise<FraudScore | SQSBatchResponse> {
  try {
    return await ("Records" in input ? handleBatch(input) : tracing.invocation(() => handleEvent(input)));
  } finally {
    metrics.publish(() => measured(scored.splice(0), tierOf));
  }
}

async function handleEvent(input: PaymentEvent): Promise<FraudScore> {
  const startedMs = now();
  const event = v.parse(paymentEventSchema, input);
  const about = eventFields(event);
  tracing.annotate(about);
  log.info("score asked for", about);
  const result = await scoreEvent(event);
  const { score, decision } = result;
  log.info("score given", { ...about, outcome: "scored", score, decision, ms: now() - startedMs });
  return result;
}
