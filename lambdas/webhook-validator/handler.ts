import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import * as v from "valibot";
import { providerNames } from "../../config/providers.ts";
import { clientOptions, clients, withoutCallLog } from "../shared/aws/client-options.ts";
import { createPayloadStore } from "../shared/aws/payload-store.ts";
import { createSecretStore } from "../shared/aws/provider-secrets.ts";
import { createWebhookQueue } from "../shared/aws/webhook-queue.ts";
import { createOutside } from "../shared/providers/outside.ts";
import { logLevel, readEnv, requiredText, routingThresholds } from "../shared/runtime/env.ts";
import { httpHandler } from "../shared/runtime/http.ts";
import { createLog } from "../shared/runtime/log.ts";
import { createMetrics } from "../shared/runtime/metrics.ts";
import { contextMissing, createTracing, tracingMode } from "../shared/runtime/tracing.ts";
import { createAnswerWebhook } from "./answer-webhook.ts";
import { createProviderSchemes } from "./provider-schemes.ts";
import { createReceiveWebhook } from "./receive-webhook.ts";
import { withStaleRatesWarning } from "./stale-rates.ts";
import { withMetrics } from "./with-metrics.ts";

const env = readEnv(
  v.object({
    WEBHOOK_EVENTS_QUEUE_URL: requiredText,
    WEBHOOK_PAYLOADS_BUCKET: requiredText,
    /** JSON: provider → ARN of its secret. */
    PROVIDER_SECRETS: v.pipe(
      requiredText,
      v.parseJson(),
      v.partial(v.object(v.entriesFromList(providerNames, requiredText))),
    ),
    ROUTING_THRESHOLDS_USD: routingThresholds,
    ENVIRONMENT: requiredText,
    /** JSON: provider → URL of what stands in for its API; only the local runtime sets it. */
    PROVIDER_API_URLS: v.optional(
      v.pipe(requiredText, v.parseJson(), v.partial(v.object(v.entriesFromList(providerNames, requiredText)))),
    ),
    LOG_LEVEL: logLevel,
    TRACING: tracingMode,
    AWS_XRAY_CONTEXT_MISSING: contextMissing,
  }),
);

// Path style works everywhere; the local runtime's host name has no subdomains for buckets.
const s3 = withoutCallLog(new S3Client({ ...clientOptions, forcePathStyle: true }));

const log = createLog("webhook-validator");
const metrics = createMetrics("webhook-validator", { environment: env.ENVIRONMENT, log });

const receive = createReceiveWebhook({
  schemes: createProviderSchemes({
    store: createSecretStore(withoutCallLog(new SecretsManagerClient(clientOptions)), env.PROVIDER_SECRETS),
    now: Date.now,
    log,
  }),
  queue: createWebhookQueue(withoutCallLog(new SQSClient(clientOptions)), env.WEBHOOK_EVENTS_QUEUE_URL, {
    sleep,
    random: Math.random,
  }),
  payloads: createPayloadStore(s3, env.WEBHOOK_PAYLOADS_BUCKET),
  outside: createOutside({ get: fetch, now: Date.now, apiUrls: env.PROVIDER_API_URLS ?? {} }),
  now: Date.now,
  routingThresholdsUsd: env.ROUTING_THRESHOLDS_USD,
});

/** API Gateway REST proxy integration of `POST /webhooks/{provider}` and `POST /webhook`. */
export const handler = httpHandler({
  answer: createAnswerWebhook(
    withMetrics(withStaleRatesWarning(receive, { log, now: Date.now }), { metrics, now: Date.now }),
  ),
  log,
  now: Date.now,
  newId: randomUUID,
  tracing: createTracing({ mode: env.TRACING, log, clients }),
});
