/** What the ledger says of an event that is archived, as the table holds it. */
import type { Decision, PaymentEventType, Tier } from "../../../../config/events.ts";

/** Key of a fact, as ArchiveIndex has it. */
export interface FactKey {
  readonly transactionId: string;
  /** `<occurredAt>#<eventId>`. */
  readonly entry: string;
}

export interface FactRecord {
  readonly eventId: string;
  readonly transactionId: string;
  readonly provider: string;
  readonly type: PaymentEventType;
  readonly providerType: string;
  readonly objectVersion?: string;
  readonly amountMinor?: bigint;
  readonly currency?: string;
  readonly amountProblem?: string;
  readonly routingAmountUsd?: number;
  readonly tier: Tier;
  readonly sameFactAs?: string;
  readonly customerId?: string;
  /** ISO 8601, as are the other times. */
  readonly occurredAt: string;
  readonly receivedAt: string;
  readonly correlationId: string;
  readonly source: string;
}

export interface RawRecord {
  readonly receivedAt: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly encoding: "identity" | "zstd";
  /** The body itself, or where it lies (claim check). */
  readonly body: Uint8Array | { readonly bucket: string; readonly key: string };
}

export interface DecisionRecord {
  readonly decision: Decision;
  readonly score?: number;
  readonly decidedBy?: string;
  readonly decidedAt?: string;
}

/** A fact and what stands beside it. */
export interface LedgerRecord {
  readonly fact: FactRecord;
  /**
   * Absent while the event's recording isn't finished: fact and raw entry are both written before an event is COMPLETED,
   * so it is on its day's list of exceptions.
   */
  readonly raw?: RawRecord;
  readonly decision?: DecisionRecord;
}

/** The event's id in a fact's sort key: what follows the time, which is always of one length. */
export function eventIdIn(entry: string): string {
  return entry.slice("YYYY-MM-DDTHH:MM:SS.mmmZ#".length);
}

/** The time in a fact's sort key. */
export function occurredAtIn(entry: string): string {
  return entry.slice(0, "YYYY-MM-DDTHH:MM:SS.mmmZ".length);
}

const decidedTiers: ReadonlySet<string> = new Set<Tier>(["high", "medium", "low"]);

/**
 * Whether somebody still has to decide about an event: it was routed, and no decision is there. A fact that repeats
 * another one is never decided.
 */
export function isUndecided(about: {
  readonly tier: string;
  readonly sameFactAs?: string | null | undefined;
  readonly decision?: unknown;
}): boolean {
  return decidedTiers.has(about.tier) && (about.sameFactAs ?? null) === null && (about.decision ?? null) === null;
}
