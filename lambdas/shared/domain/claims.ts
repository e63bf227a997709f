/**
 * Claims: the right to process one key, given to one worker at a time (WEBHOOK_RULES 8, 9 and 14).
 *
 * A claim has a lease, longer than the longest handler, and a fencing token. Whoever finds it expired or failed may
 * claim the key anew and gets a fresh token; complete and fail are conditional on the token, so that a worker that lost
 * its lease can't overwrite the next one. A record in PROCESSING without a lease is held until its owner ends it, as
 * high-value-review does while a person decides. Deduplication claims `<eventId>`, a workflow `workflow#<eventId>`: a stage
 * claims under a key of its own, since the record of the stage before it is COMPLETED by then.
 */
import type { ReplayNote } from "../../../config/events.ts";
import { limits } from "../../../config/limits.ts";

export type ClaimStatus = "PROCESSING" | "COMPLETED" | "FAILED" | "SKIPPED";

export interface ClaimRequest {
  readonly key: string;
  /** Fresh and unique for every claim: the fencing token. */
  readonly lockToken: string;
  readonly nowMs: number;
  readonly leaseSeconds: number;
  /** An owner may claim again what it holds, even while the lease lives: the retried first state of an execution. */
  readonly owner?: string;
  /** What the record says of the delivery being worked on. */
  readonly delivery?: DeliveryTraits;
  /** Taken from the first claim of the key and kept for ever, whatever later deliveries say. */
  readonly firstSeen?: FirstSeen;
  /** Who sends it again and why, if somebody does: added to those that the record has. */
  readonly replay?: ReplayNote;
}

interface DeliveryTraits {
  readonly correlationId: string;
  /** How it came in: webhook, reconciliation or replay. */
  readonly source: string;
  /** The provider's signature. An internal re-entry has none, and none is made up for it (WEBHOOK_RULES 17). */
  readonly signature?: string;
}

/**
 * The event as first received. The times, ISO 8601, decide the event's archive partition and its sort key, so a
 * second delivery that says otherwise must not change them (WEBHOOK_RULES 18).
 */
export interface FirstSeen {
  readonly receivedAt: string;
  readonly occurredAt: string;
  /** Fingerprint of what the first delivery said; a later one under the same key that says otherwise is no duplicate. */
  readonly content: string;
}

export type ClaimResult =
  | {
      readonly kind: "claimed";
      readonly lockToken: string;
      /** 0 for the first claim of the key. */
      readonly retryCount: number;
      /** As the first claim of the key gave it; absent if no claim gave any. */
      readonly firstSeen?: FirstSeen;
    }
  /** Within the deduplication window; `firstSeen` as the first claim of the key gave it. */
  | { readonly kind: "completed"; readonly status: Completion["status"]; readonly firstSeen?: FirstSeen }
  /** Another worker holds it and its lease lives. */
  | { readonly kind: "busy" };

export interface Completion {
  readonly key: string;
  readonly lockToken: string;
  readonly status: "COMPLETED" | "SKIPPED";
  /** What came of it, in words for people. */
  readonly result: string;
  readonly nowMs: number;
}

interface Failure {
  readonly key: string;
  readonly lockToken: string;
  /** `<code>: <message>`, without anything of the payload. */
  readonly error: string;
  readonly nowMs: number;
}

/** `lost-lease`: another worker has claimed the key since, and the record is that worker's now. */
export type FencedResult = "written" | "lost-lease";

/** Where claims live. Every method throws RetryableError when the store can't answer now. */
export interface ClaimStore {
  /**
   * One conditional write: takes the key if it is new, FAILED, past its lease, past the deduplication window, or
   * already this owner's. Expiry is compared in the condition and not left to TTL, which deletes days late
   * (WEBHOOK_RULES 9).
   */
  claim(request: ClaimRequest): Promise<ClaimResult>;
  /** To be called after the durable effects. Completing twice with one token is harmless. */
  complete(completion: Completion): Promise<FencedResult>;
  /** Ends the lease, so that the next delivery may claim at once. */
  fail(failure: Failure): Promise<FencedResult>;
  /**
   * Adds who sends a completed event again, and why, to its record; doing it twice is once. `gone`: there is no record.
   */
  noteReplay(key: string, replay: ReplayNote): Promise<"noted" | "gone">;
  /** The key's status, read consistently; undefined if there is no record. */
  statusOf(key: string): Promise<ClaimStatus | undefined>;
}

/** When a record claimed now leaves the deduplication window, epoch seconds. */
export function dedupWindowEnd(nowMs: number): number {
  return Math.floor(nowMs / 1000) + limits.dedupWindowDays * 24 * 60 * 60;
}

/** What a record says that could not be claimed. */
export function refusalOf(status: ClaimStatus, firstSeen: FirstSeen | undefined): ClaimResult {
  if (status !== "COMPLETED" && status !== "SKIPPED") return { kind: "busy" };
  return { kind: "completed", status, ...(firstSeen !== undefined && { firstSeen }) };
}

/** A replay as a record keeps it: one text, equal for equal replays. */
export function replayText({ by, why, at }: ReplayNote): string {
  return JSON.stringify({ at, by, why });
}

/** Key under which a workflow claims an event (WEBHOOK_RULES 14). */
export function workflowClaimKey(eventId: string): string {
  return `workflow#${eventId}`;
}
