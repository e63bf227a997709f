/** What reconciliation needs of the world. Every method throws RetryableError when AWS can't answer now. */
import type { Discrepancy, LedgerProvider } from "../../../../config/reconciliation.ts";
import type { FactKey, FactRecord } from "../archive/records.ts";
import type { ClaimStatus } from "../claims.ts";
import type { ProviderLedger } from "./provider-ledger.ts";

/** Deduplication's record of an event. */
export interface EventClaim {
  readonly eventId: string;
  readonly status: ClaimStatus;
  /** Epoch milliseconds; only while somebody works on it. */
  readonly leaseExpiresAt?: number;
  /** Time of the event as it was first received: part of its fact's key. */
  readonly firstOccurredAt?: string;
}

export interface ClaimReader {
  /** By event id; events that we never took are left out. */
  claimsOf(eventIds: readonly string[]): Promise<ReadonlyMap<string, EventClaim>>;
}

export interface FactReader {
  /** By event id; those that aren't there are left out. */
  factsAt(keys: readonly FactKey[]): Promise<ReadonlyMap<string, FactRecord>>;
  /** All facts of each transaction. */
  factsOf(transactionIds: readonly string[]): Promise<ReadonlyMap<string, readonly FactRecord[]>>;
}

/** An entry among the discrepancies that isn't as this version writes them. It can be closed all the same. */
export interface UnreadableDiscrepancy {
  readonly id: string;
  readonly provider: LedgerProvider;
  /** The fields that can't be read. */
  readonly places: readonly string[];
}

interface OpenPage {
  readonly items: readonly Discrepancy[];
  readonly unreadable: readonly UnreadableDiscrepancy[];
  readonly next?: string;
}

/** What is wrong, kept from run to run. */
export interface DiscrepancyStore {
  /**
   * Writes down what a run has found: new ones are created, open ones are seen again, a repaired one that comes back
   * begins anew, and one that a person resolved stays resolved. Doing it twice for one run changes nothing.
   *
   * @throws PermanentError for one that could not be read back
   */
  record(found: readonly Discrepancy[]): Promise<void>;
  /** By id; unknown and unreadable ones are left out. */
  read(ids: readonly string[]): Promise<ReadonlyMap<string, Discrepancy>>;
  /** Open ones, those first that were first seen first, and where the next page begins. */
  open(after?: string): Promise<OpenPage>;
  /** Closes an open one; `not-open` changes nothing. */
  close(id: string, closing: Closing): Promise<"closed" | "not-open">;
}

interface Closing {
  /** REPAIRED by a run, RESOLVED by a person. */
  readonly status: "REPAIRED" | "RESOLVED";
  readonly at: string;
  /** The run's id, or who the person is. */
  readonly by: string;
  readonly why?: string;
}

/** Whose time is kept: an account's, by the provider's id, or one of `ownParts`. */
export interface CheckedPart {
  readonly provider: LedgerProvider;
  readonly part: string;
}

interface CheckedAccount {
  readonly account: string;
  readonly checkedUntil: string;
}

/** Parts that are no connected account: the account of the key, the list of accounts, and our facts of the provider. */
export const ownParts = { ofKey: "-", accounts: "accounts", facts: "facts" } as const;

/** How far each account was checked. */
export interface CheckedTimes {
  /** Undefined for a part that was never checked. */
  checkedUntil(part: CheckedPart): Promise<string | undefined>;
  /** Moves it forward; an earlier time than the one that is there changes nothing. */
  moveTo(part: CheckedPart, until: string): Promise<void>;
  /** The connected accounts whose time is kept, and where the next page begins. */
  accounts(
    provider: LedgerProvider,
    after?: string,
  ): Promise<{ readonly items: readonly CheckedAccount[]; readonly next?: string }>;
  /** Forgets the time of an account that is gone for good; nothing where it has moved since. */
  forget(part: CheckedPart, until: string): Promise<void>;
  /** Whether its time was forgotten, as long as runs may come upon its facts, and it wasn't checked since. */
  isForgotten(part: CheckedPart): Promise<boolean>;
}

/** Where a run stands. */
export interface Checkpoint {
  /** Counts up from 1. */
  readonly revision: number;
  /** Of the object with its state. */
  readonly stateKey: string;
  /** Whether its report's alerts have been sent. */
  readonly isAnnounced: boolean;
}

export interface CheckpointStore {
  read(runId: string): Promise<Checkpoint | undefined>;
  /** `overtaken`: another invocation has written this revision. */
  advance(runId: string, next: Pick<Checkpoint, "revision" | "stateKey">): Promise<"written" | "overtaken">;
  announced(runId: string): Promise<void>;
}

/** Tells people. */
export interface Alerts {
  /** `critical` has somebody get up at night, `reconciliation` is read in the morning. */
  publish(
    topic: "critical" | "reconciliation",
    alert: { readonly subject: string; readonly text: string },
  ): Promise<void>;
}

/** A provider's books, or why they can't be opened. */
export type OpenedLedger =
  | { readonly kind: "opened"; readonly ledger: ProviderLedger }
  | { readonly kind: "closed"; readonly code: "no-api-key" | "api-key-misconfigured"; readonly detail: string };
