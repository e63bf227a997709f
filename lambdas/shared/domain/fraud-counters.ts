/** Where subjects' histories live, together with the scores that were given from them. */
import type { FraudScore, PaymentEvent } from "../../../config/events.ts";
import type { SubjectHistory } from "./subject-history.ts";

/** A history as read. The version says later whether it is still the same; 0 where there is none yet. */
export interface StoredHistory {
  readonly version: number;
  readonly history: SubjectHistory;
}

export interface FraudRecords {
  /** The score that the event was given before, if any. */
  readonly score?: FraudScore;
  /** By subject key: one for each that was asked for, empty where nothing is known. */
  readonly histories: ReadonlyMap<string, StoredHistory>;
}

export interface ScoreCommit {
  readonly score: FraudScore;
  /** Histories with the event in them, and the versions that they were made from. */
  readonly histories: readonly {
    readonly subjectKey: string;
    readonly from: number;
    readonly history: SubjectHistory;
  }[];
  readonly nowMs: number;
  /** When the score and the histories may be forgotten, epoch seconds. */
  readonly scoreExpiresAt: number;
  readonly historyExpiresAt: number;
}

/** Every method throws RetryableError when the store can't answer now. */
export interface FraudCounterStore {
  /** Reads consistently, in one call. A history past its expiry is read as empty, whether or not it was deleted. */
  read(eventId: string, subjectKeys: readonly string[], nowMs: number): Promise<FraudRecords>;
  /**
   * Writes score and histories, all or nothing. `changed`: the event has been scored, or a history has got another
   * event, since they were read; nothing was written.
   */
  commit(commit: ScoreCommit): Promise<"committed" | "changed">;
}

/** Keys of the event's subjects. Ids of different providers never meet. */
export function subjectKeysOf({ provider, customerId, signals }: PaymentEvent): {
  readonly customer?: string;
  readonly card?: string;
} {
  const { cardFingerprint } = signals;
  return {
    ...(customerId !== undefined && { customer: `customer#${provider}#${customerId}` }),
    ...(cardFingerprint !== undefined && { card: `card#${provider}#${cardFingerprint}` }),
  };
}
