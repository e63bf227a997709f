/** Where subjects' histories live, together with the scores that were given from them. */
import type { FraudScore, PaymentEvent } from "../../../config/events.ts";
import type { DecisionEntry } from "./ledger.ts";
import type { SubjectHistory } from "./subject-history.ts";

/** A history as read. The version says later whether it is still the same; 0 where there is none yet. */
export interface StoredHistory {
  readonly version: number;
  readonly history: SubjectHistory;
}

/** What to read: the scores of events and the histories of subjects. */
export interface FraudKeys {
  readonly eventIds: readonly string[];
  readonly subjectKeys: readonly string[];
}

export interface FraudRecords {
  /** By event id: the scores that events were given before; none for an event that is new. */
  readonly scores: ReadonlyMap<string, FraudScore>;
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
  /** Goes into the ledger with them, where nobody else records it. */
  readonly decision?: DecisionEntry;
  /** When the score and the histories may be forgotten, epoch seconds. */
  readonly scoreExpiresAt: number;
  readonly historyExpiresAt: number;
}

/** In all but the first case nothing was written. */
export type CommitResult =
  | "committed"
  /** The event has been scored, or a history has got another event, since they were read. */
  | "changed"
  /** The ledger has a decision of the event already, so it was counted before, even if its score is forgotten. */
  | "decided";

/** Every method throws RetryableError when the store can't answer now, PermanentError when it never can. */
export interface FraudCounterStore {
  /**
   * Reads consistently, in one call, and so at most 100 keys; repeated ones are read once. A history past its expiry is
   * read as empty, whether or not it was deleted.
   */
  read(keys: FraudKeys, nowMs: number): Promise<FraudRecords>;
  /** Writes score, histories and decision, all or nothing. */
  commit(commit: ScoreCommit): Promise<CommitResult>;
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
