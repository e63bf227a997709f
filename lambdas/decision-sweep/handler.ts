import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import type { Context } from "aws-lambda";
import * as v from "valibot";
import { createArchiveLedger } from "../shared/aws/archive-ledger.ts";
import { clientOptions, withoutCallLog } from "../shared/aws/client-options.ts";
import { createEventBus } from "../shared/aws/event-bus.ts";
import { createRecordedEventReader } from "../shared/aws/recorded-event-reader.ts";
import { createSweepRecords } from "../shared/aws/sweep-records.ts";
import { RetryableError } from "../shared/domain/retryable-error.ts";
import { logLevel, readEnv, requiredText } from "../shared/runtime/env.ts";
import { createLog } from "../shared/runtime/log.ts";
import { createMetrics } from "../shared/runtime/metrics.ts";
import { measured } from "./measured.ts";
import { createSweep, type Sweep } from "./sweep-decisions.ts";

const env = readEnv(
  v.object({
    PROCESSED_WEBHOOKS_TABLE: requiredText,
    TRANSACTIONS_TABLE: requiredText,
    EVENT_BUS_NAME: requiredText,
    ENVIRONMENT: requiredText,
    LOG_LEVEL: logLevel,
  }),
);

/** What is left of the function's time when the last hour is begun: enough for an hour of many events. */
const reserveMs = 60_000;

const log = createLog("decision-sweep");
const metrics = createMetrics("decision-sweep", { environment: env.ENVIRONMENT, log });
const dynamoDb = withoutCallLog(new DynamoDBClient(clientOptions));

const sweepDecisions = createSweep({
  ledger: createArchiveLedger(dynamoDb, env.TRANSACTIONS_TABLE),
  ...createRecordedEventReader(dynamoDb, env.TRANSACTIONS_TABLE),
  records: createSweepRecords(dynamoDb, env.PROCESSED_WEBHOOKS_TABLE),
  bus: createEventBus(withoutCallLog(new EventBridgeClient(clientOptions)), env.EVENT_BUS_NAME),
  now: Date.now,
  newToken: randomUUID,
  sleep: (ms) => sleep(ms),
  random: Math.random,
  tell: ({ eventId, transactionId, provider, type, correlationId }, outcome) => {
    const about = { eventId, transactionId, provider, type, correlationId, outcome };
    if (outcome === "resent") log.info("put on the bus again", about);
    else log.error(outcome === "refused" ? "refused by the bus" : "still undecided", about);
  },
  tellUnreadable: ({ transactionId }) => log.error("gone, or not as this version writes it", { transactionId }),
});

/** As Scheduler gives it; a sweep by hand goes by the time at which it begins. */
const requestSchema = v.object({ scheduledAt: v.optional(v.pipe(v.string(), v.isoTimestamp())) });

/** What it finds is in metrics, and in a line per event. */
export async function handler(input: unknown, context: Pick<Context, "getRemainingTimeInMillis">): Promise<Sweep> {
  const startedMs = Date.now();
  const { scheduledAt } = v.parse(requestSchema, input ?? {});
  log.info("sweep asked for", {});
  const sweep = await sweepDecisions({
    asOfMs: scheduledAt === undefined ? startedMs : Date.parse(scheduledAt),
    untilMs: startedMs + context.getRemainingTimeInMillis() - reserveMs,
  });
  metrics.count(measured(sweep));
  const outcome = sweep.isComplete ? "swept" : "time-ran-out";
  const fields = { count: sweep.resent, failedCount: sweep.leftUndecided, outcome, ms: Date.now() - startedMs };
  if (sweep.isComplete) log.info("swept", fields);
  else log.warn("swept in part: the next sweep goes on with what is left", fields);
  if (sweep.refused > 0) throw new RetryableError("bus-refused-events", `The bus refused ${sweep.refused} events`);
  return sweep;
}
