/** What the sweep of undecided events needs of the world. Every method throws RetryableError when AWS can't answer now. */
import type { PaymentEvent, Tier } from "../../../config/events.ts";
import type { FactKey } from "./archive/records.ts";
import type { ClaimStatus } from "./claims.ts";

/** A fact as it was booked, with the event that went onto the bus. */
export interface RecordedFact {
  readonly event: PaymentEvent;
  readonly tier: Tier;
  readonly sameFactAs?: string;
}

export interface RecordedEventReader {
  /** The facts of these keys, and those that aren't as this version writes them; those that are gone are left out. */
  facts(keys: readonly FactKey[]): Promise<{
    readonly facts: readonly RecordedFact[];
    readonly unreadable: readonly FactKey[];
  }>;
}

/** A claim as far as it says whether somebody works on its event. */
interface ClaimState {
  readonly status: ClaimStatus;
  /** Epoch milliseconds; absent where it is held until its owner ends it. */
  readonly leaseExpiresAt?: number;
}

/** How far an event has come, and how often it was swept. */
export interface SweepState {
  /** Deduplication's claim. */
  readonly event?: ClaimState;
  /** The workflow's claim. */
  readonly workflow?: ClaimState;
  readonly sweeps: number;
}

export interface SweepRecords {
  /** By event id; every id that was asked for has one. */
  states(eventIds: readonly string[]): Promise<ReadonlyMap<string, SweepState>>;
  /**
   * Counts a sweep of the event. Within `pauseMs` of the last one it counts nothing, so that two runs at a time are one
   * sweep.
   */
  count(eventId: string, options: { readonly nowMs: number; readonly pauseMs: number }): Promise<void>;
}

/** Key under which the sweeps of an event are counted. */
export function sweepKey(eventId: string): string {
  return `sweep#${eventId}`;
}
