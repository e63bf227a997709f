import type { Context } from "aws-lambda";
import * as v from "valibot";
import { ledgerProviders } from "../../config/reconciliation.ts";
import { createReconciliationPorts } from "../shared/aws/reconciliation-ports.ts";
import { logLevel, readEnv, requiredText, routingThresholds } from "../shared/runtime/env.ts";
import { createLog } from "../shared/runtime/log.ts";
import { createMetrics } from "../shared/runtime/metrics.ts";
import { createComparison } from "./compare-run.ts";
import { measured } from "./measured.ts";
import { createOpenLedger } from "./open-ledger.ts";
import { type Answer, answerTo, requestSchema } from "./request.ts";
import { createSettlement } from "./settle-run.ts";

const json = v.pipe(requiredText, v.parseJson());
const byProvider = v.pipe(json, v.partial(v.object(v.entriesFromList(ledgerProviders, requiredText))));
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
    /** JSON: provider → ARN of the secret with its API key. */
    API_KEY_SECRETS: byProvider,
    ALERTS_TOPIC_ARN: requiredText,
    CRITICAL_ALERTS_TOPIC_ARN: requiredText,
    ROUTING_THRESHOLDS_USD: routingThresholds,
    /** JSON: provider → URL of what stands in for its API; only the local runtime sets it. */
    PROVIDER_API_URLS: v.optional(byProvider),
    LOG_LEVEL: logLevel,
  }),
);

/** What is left of the function's time must do for the page that is being read and its checkpoint. */
const reserveMs = 60_000;

const log = createLog("webhook-reconciliation");
const now = Date.now;
const metrics = createMetrics("webhook-reconciliation", { environment: env.ENVIRONMENT, log });
const { secrets, ...ports } = createReconciliationPorts(env, now);
const { compare, journal } = createComparison({
  ...ports,
  openLedger: createOpenLedger({ secrets, apiUrls: env.PROVIDER_API_URLS ?? {}, now }),
  routingThresholdsUsd: env.ROUTING_THRESHOLDS_USD,
});
const settle = createSettlement(
  { ...ports, journal, measure: (report) => metrics.count(measured(report)) },
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
