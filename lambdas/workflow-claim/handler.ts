import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import * as v from "valibot";
import { paymentEventSchema } from "../../config/events.ts";
import { createClaimStore } from "../shared/aws/claim-store.ts";
import { clientOptions, clients, withoutCallLog } from "../shared/aws/client-options.ts";
import { createTierOf } from "../shared/domain/routing.ts";
import { logLevel, positiveInteger, readEnv, requiredText, routingThresholds } from "../shared/runtime/env.ts";
import { createEventFields } from "../shared/runtime/event-fields.ts";
import { createLog } from "../shared/runtime/log.ts";
import { contextMissing, createTracing, tracingMode } from "../shared/runtime/tracing.ts";
import { createWorkflowClaim, type WorkflowClaim } from "./claim-workflow.ts";

const env = readEnv(
  v.object({
    PROCESSED_WEBHOOKS_TABLE: requiredText,
    LEASE_SECONDS: positiveInteger,
    ROUTING_THRESHOLDS_USD: routingThresholds,
    LOG_LEVEL: logLevel,
    TRACING: tracingMode,
    AWS_XRAY_CONTEXT_MISSING: contextMissing,
  }),
);

const log = createLog("workflow-claim");
const tracing = createTracing({ mode: env.TRACING, log, clients });
const eventFields = createEventFields(createTierOf(env.ROUTING_THRESHOLDS_USD));

const claimWorkflow = createWorkflowClaim(
  {
    claims: createClaimStore(withoutCallLog(new DynamoDBClient(clientOptions)), env.PROCESSED_WEBHOOKS_TABLE),
    now: Date.now,
    newToken: randomUUID,
  },
  env.LEASE_SECONDS,
);

const requestSchema = v.object({ event: paymentEventSchema, owner: v.pipe(v.string(), v.minLength(1)) });

/** `{event, owner}` from a state machine → whether that execution may go on. */
export async function handler(input: unknown): Promise<WorkflowClaim> {
  return tracing.invocation(() => answer(input));
}

async function answer(input: unknown): Promise<WorkflowClaim> {
  const startedMs = Date.now();
  const request = v.parse(requestSchema, input);
  const about = { ...eventFields(request.event), executionId: request.owner };
  tracing.annotate(about);
  log.info("claim asked for", about);
  const claim = await claimWorkflow(request);
  log.info("claim answered", { ...about, outcome: claim.status, ms: Date.now() - startedMs });
  return claim;
}
