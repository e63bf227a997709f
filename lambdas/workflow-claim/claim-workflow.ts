/**
 * Claims an event for one workflow execution (WEBHOOK_RULES 14): EventBridge delivers at least once and an Express
 * execution may restart, so the first state of each machine asks here whether the event is its own to work on.
 */
import type { PaymentEvent } from "../../config/events.ts";
import { type ClaimStore, workflowClaimKey } from "../shared/domain/claims.ts";

export interface WorkflowClaimPorts {
  readonly claims: ClaimStore;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** A UUID that was never given before. */
  readonly newToken: () => string;
}

export interface WorkflowClaimRequest {
  readonly event: PaymentEvent;
  /** Id of the execution. The same one may claim again, as its retried first state does, and gets a fresh token. */
  readonly owner: string;
}

export type WorkflowClaim =
  /** The execution's to work on until the lease ends; completing and failing are conditional on the token. */
  | { readonly status: "claimed"; readonly lockToken: string }
  /** Another execution has finished it. */
  | { readonly status: "completed" }
  /** Another execution is at work on it. */
  | { readonly status: "busy" };

/** @throws RetryableError when the store can't answer now; the state machine retries by that name. */
export function createWorkflowClaim({ claims, now, newToken }: WorkflowClaimPorts, leaseSeconds: number) {
  return async function claimWorkflow({ event, owner }: WorkflowClaimRequest): Promise<WorkflowClaim> {
    const claim = await claims.claim({
      key: workflowClaimKey(event.eventId),
      lockToken: newToken(),
      nowMs: now(),
      leaseSeconds,
      owner,
      delivery: { correlationId: event.correlationId, source: "workflow" },
    });
    return claim.kind === "claimed" ? { status: "claimed", lockToken: claim.lockToken } : { status: claim.kind };
  };
}
