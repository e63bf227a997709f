import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { Context } from "aws-lambda";
import * as v from "valibot";
import { ledgerProviders, reconciliationMetrics } from "../../config/reconciliation.ts";
import { createAlertTopics } from "../shared/aws/alert-topics.ts";
import { createArchiveLedger } from "../shared/aws/archive-ledger.ts";
import { createArchiveObjects } from "../shared/aws/archive-objects.ts";
import { createClaimReader } from "../shared/aws/claim-reader.ts";
import { bulkClientOptions, withoutCallLog } from "../shared/aws/client-options.ts";
import { createDiscrepancyStore } from "../shared/aws/discrepancy-store.ts";
import { createFactReader } from "../shared/aws/fact-reader.ts";
import { createPayloadStore } from "../shared/aws/payload-store.ts";
import { createSecretStore } from "../shared/aws/provider-secrets.ts";
import { createReconciliationProgress } from "../shared/aws/reconciliation-progress.ts";
import { createWebhookQueue } from "../shared/aws/webhook-queue.ts";
import { logLevel, readEnv, requiredText, routingThresholds } from "../shared/runtime/env.ts";
import { createLog } from "../shared/runtime/log.ts";
import { createMetrics } from "../shared/runtime/metrics.ts";
import { createComparison } from "./compare-run.ts";
import { measured } from "./measured.ts";
import { createOpenLedger } from "./open-ledger.ts";
import { type Answer, answerTo, requestSchema } from "./request.ts";
import { createSettlement } from "./settle-run.ts";

const json = v.pipe(requiredText, v.parseJson());
const env = readEnv(
  v.object({
    PROCESSED_WEBHOOKS_TABLE: requiredText,
    TRANSACTIONS_TABLE: requiredText,
    RECONCILIATION_TABLE: requiredText,
    ARCHIVE_BUCKET: requiredText,
    WEBHOOK_EVENTS_QUEUE_URL: requiredText,
    WEBHOOK_PAYLOADS_BUCKET: requiredText,
    ENVIRONMENT: requiredText,
    /** JSON list. */
    RECONCILED_PROVIDERS: v.pipe(json, v.array(v.picklist(ledgerProviders))),
    API_KEY_SECRET_PREFIX: requiredText,
    ALERTS_TOPIC_ARN: requiredText,
    CRITICAL_ALERTS_TOPIC_ARN: requiredText,
    ROUTING_THRESHOLDS_USD: routingThresholds,
    /** JSON: provider → URL of what stands in for its API; only the local runtime sets it. */
    PROVIDER_API_URLS: v.optional(v.pipe(json, v.partial(v.object(v.entriesFromList(ledgerProviders, requiredText))))),
    LOG_LEVEL: logLevel,
  }),
);

/** What is left of the function's time must do for the page that is being read and its checkpoint. */
const reserveMs = 60_000;

const log = createLog("webhook-reconciliation");
const now = Date.now;
const dynamoDb = withoutCallLog(new DynamoDBClient(bulkClientOptions));
const s3 = withoutCallLog(new S3Client({ ...bulkClientOptions, forcePathStyle: true }));
const secrets = withoutCallLog(new SecretsManagerClient(bulkClientOptions));
const sqs = withoutCallLog(new SQSClient(bulkClientOptions));
const topics = { critical: env.CRITICAL_ALERTS_TOPIC_ARN, reconciliation: env.ALERTS_TOPIC_ARN };
const secretNames = ledgerProviders.map((name) => [name, `${env.API_KEY_SECRET_PREFIX}${name}-${env.ENVIRONMENT}`]);
const metrics = createMetrics({
  namespace: reconciliationMetrics.namespace,
  dimensions: reconciliationMetrics.dimensions(env.ENVIRONMENT),
});

const progress = createReconciliationProgress(dynamoDb, env.RECONCILIATION_TABLE, now);
const stores = {
  claims: createClaimReader(dynamoDb, env.PROCESSED_WEBHOOKS_TABLE),
  facts: createFactReader(dynamoDb, env.TRANSACTIONS_TABLE),
  objects: createArchiveObjects(s3, env.ARCHIVE_BUCKET),
  discrepancies: createDiscrepancyStore(dynamoDb, env.RECONCILIATION_TABLE),
  checkpoints: progress,
  checked: progress,
  now,
};
const { compare, journal } = createComparison({
  ...stores,
  archive: createArchiveLedger(dynamoDb, env.TRANSACTIONS_TABLE),
  payloads: createPayloadStore(s3, env.WEBHOOK_PAYLOADS_BUCKET),
  queue: createWebhookQueue(sqs, env.WEBHOOK_EVENTS_QUEUE_URL, { sleep, random: Math.random }),
  openLedger: createOpenLedger({
    secrets: createSecretStore(secrets, Object.fromEntries(secretNames)),
    apiUrls: env.PROVIDER_API_URLS ?? {},
    now,
  }),
  routingThresholdsUsd: env.ROUTING_THRESHOLDS_USD,
});
const settle = createSettlement(
  {
    ...stores,
    journal,
    alerts: createAlertTopics(withoutCallLog(new SNSClient(bulkClientOptions)), topics),
    measure: (report) => metrics.count(measured(report)),
  },
  env.ENVIRONMENT,
);

/** One phase of a run, from the state machine `webhook-reconciliation` → what the next one is asked with. */
export async function handler(input: unknown, context: Pick<Context, "getRemainingTimeInMillis">): Promise<Answer> {
  const startedMs = now();
  const request = v.parse(requestSchema, input);
  const about = { phase: request.phase, ...(request.runId !== undefined && { executionId: request.runId }) };
  log.info("phase asked for", about);
  const isTimeUp = () => context.getRemainingTimeInMillis() < reserveMs;
  const answer = await answerTo(request, { compare, settle, isTimeUp, providers: env.RECONCILED_PROVIDERS });
  const outcome = answer.done ? "done" : "to-be-continued";
  log.info("phase ended", { ...about, executionId: answer.runId, outcome, ms: now() - startedMs });
  return answer;
}
