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
  /**
   * Whether the event is kept as undecided: `none` if no sweep has come upon it undecided, `closed` once it is decided or
   * a person has given it up.
   */
  readonly kept: "none" | "open" | "closed";
}

/** Which hours of first receipt have been looked at. */
export interface SweepProgress {
  /** Epoch milliseconds: what was due by then is looked at, but for `hoursLeft`. */
  readonly asOfMs: number;
  /** `YYYY-MM-DDTHH`, oldest first: there was no time for these. */
  readonly hoursLeft: readonly string[];
}

export interface SweepRecords {
  /** By event id; every id that was asked for has one. */
  states(eventIds: readonly string[]): Promise<ReadonlyMap<string, SweepState>>;
  /**
   * Counts a sweep of the event. Within `pauseMs` of the last one it counts nothing, so that two runs at a time are one
   * sweep. After the last one the event is kept until it is decided or a person gives it up, however long that takes.
   */
  count(
    eventId: string,
    options: { readonly nowMs: number; readonly pauseMs: number; readonly isLast: boolean },
  ): Promise<void>;
  /**
   * Keeps an event as undecided, for the deduplication window, or for good where only a person can do something about it.
   * One that is kept or closed already stays as it is.
   */
  keep(key: FactKey, options: { readonly nowMs: number; readonly isForGood: boolean }): Promise<void>;
  /** The event is decided: it isn't kept any longer. */
  close(eventId: string, nowMs: number): Promise<void>;
  /** Events that are kept, those first that are kept longest. */
  page(options: { readonly limit: number; readonly after?: string }): Promise<{
    readonly keys: readonly FactKey[];
    readonly next?: string;
  }>;
  /** Undefined before the first sweep. */
  progress(): Promise<SweepProgress | undefined>;
  /** Saves nothing where a later sweep has saved its own. */
  saveProgress(progress: SweepProgress): Promise<void>;
}

/** Key under which the sweeps of an event are counted, and under which it is kept. */
export function sweepKey(eventId: string): string {
  return `sweep#${eventId}`;
}

/** Key of the sweeps' own progress: an event's id has a colon in it. */
export const sweepProgressKey = "sweep-progress";
