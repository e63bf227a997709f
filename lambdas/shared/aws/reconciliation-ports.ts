import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { LedgerProvider } from "../../../config/reconciliation.ts";
import { createAlertTopics } from "./alert-topics.ts";
import { createArchiveLedger } from "./archive-ledger.ts";
import { createArchiveObjects } from "./archive-objects.ts";
import { createClaimReader } from "./claim-reader.ts";
import { bulkClientOptions, withoutCallLog } from "./client-options.ts";
import { createDiscrepancyStore } from "./discrepancy-store.ts";
import { createFactReader } from "./fact-reader.ts";
import { createPayloadStore } from "./payload-store.ts";
import { createSecretStore } from "./provider-secrets.ts";
import { createReconciliationProgress } from "./reconciliation-progress.ts";
import { createWebhookQueue } from "./webhook-queue.ts";

/** Where things are, as the function's variables name it. */
export interface ReconciliationPlaces {
  readonly PROCESSED_WEBHOOKS_TABLE: string;
  readonly TRANSACTIONS_TABLE: string;
  readonly RECONCILIATION_TABLE: string;
  readonly ARCHIVE_BUCKET: string;
  readonly WEBHOOK_EVENTS_QUEUE_URL: string;
  readonly WEBHOOK_PAYLOADS_BUCKET: string;
  readonly API_KEY_SECRETS: { readonly [provider in LedgerProvider]?: string | undefined };
  readonly ALERTS_TOPIC_ARN: string;
  readonly CRITICAL_ALERTS_TOPIC_ARN: string;
}

/**
 * All that a reconciliation reads and writes in AWS.
 *
 * @param now epoch milliseconds
 */
export function createReconciliationPorts(places: ReconciliationPlaces, now: () => number) {
  const dynamoDb = withoutCallLog(new DynamoDBClient(bulkClientOptions));
  const s3 = withoutCallLog(new S3Client({ ...bulkClientOptions, forcePathStyle: true }));
  const secrets = withoutCallLog(new SecretsManagerClient(bulkClientOptions));
  const sqs = withoutCallLog(new SQSClient(bulkClientOptions));
  const sns = withoutCallLog(new SNSClient(bulkClientOptions));
  const topics = { critical: places.CRITICAL_ALERTS_TOPIC_ARN, reconciliation: places.ALERTS_TOPIC_ARN };
  const progress = createReconciliationProgress(dynamoDb, places.RECONCILIATION_TABLE, now);
  return {
    claims: createClaimReader(dynamoDb, places.PROCESSED_WEBHOOKS_TABLE),
    facts: createFactReader(dynamoDb, places.TRANSACTIONS_TABLE),
    archive: createArchiveLedger(dynamoDb, places.TRANSACTIONS_TABLE),
    objects: createArchiveObjects(s3, places.ARCHIVE_BUCKET),
    payloads: createPayloadStore(s3, places.WEBHOOK_PAYLOADS_BUCKET),
    queue: createWebhookQueue(sqs, places.WEBHOOK_EVENTS_QUEUE_URL, { sleep, random: Math.random }),
    discrepancies: createDiscrepancyStore(dynamoDb, places.RECONCILIATION_TABLE),
    checkpoints: progress,
    checked: progress,
    secrets: createSecretStore(secrets, places.API_KEY_SECRETS),
    alerts: createAlertTopics(sns, topics),
    now,
  };
}
