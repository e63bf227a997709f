/**
 * The ledger: what the table `transactions` holds, an append-only set of entries per transaction. Entries are created
 * and never changed; one that is there already is the same entry, written by an earlier attempt.
 */
import type { Decision, FraudScore, PaymentEvent, RawWebhook, Tier, WebhookMessage } from "../../../config/events.ts";
import { archivePartitionOf } from "./archive-partition.ts";
import type { FirstSeen } from "./claims.ts";
import { acrossWords } from "./payment-event.ts";

/** One event as it is booked. Its times are those of the first delivery. */
export interface Fact {
  readonly event: PaymentEvent;
  readonly source: WebhookMessage["source"];
  readonly tier: Tier;
  readonly archivePartition: string;
  /** Event id of the fact that this one repeats under another id (WEBHOOK_RULES 5): kept, but never counted twice. */
  readonly sameFactAs?: string;
}

/**
 * The exact bytes and signature headers of the delivery that was recorded, so that it can be verified again. It has no
 * archive partition: whoever has the fact has this entry's key, and each entry in the index costs a write of its own.
 */
export interface RawEntry {
  readonly eventId: string;
  readonly transactionId: string;
  /** Of the first delivery: part of the sort key, beside its fact. */
  readonly occurredAt: string;
  /** When these bytes came in. A signature's timestamp is checked against this, so it isn't the first delivery's. */
  readonly receivedAt: string;
  readonly raw: RawWebhook;
}

/** Says which event id a version of a provider's object was first recorded under (WEBHOOK_RULES 5). */
interface VersionMarker {
  readonly transactionId: string;
  /** The provider's own word: two of its events that are one type to us are still two facts, unless they say otherwise. */
  readonly providerType: string;
  readonly objectVersion: string;
  readonly eventId: string;
}

/** What was decided about an event, and by whom. */
export interface DecisionEntry {
  readonly transactionId: string;
  readonly occurredAt: string;
  readonly tier: Tier;
  readonly score: FraudScore;
  readonly decision: Decision;
  /** ISO 8601. */
  readonly decidedAt: string;
  readonly decidedBy: string;
}

/** Where entries are kept. Every method is create-only and throws RetryableError when the store can't answer now. */
export interface TransactionStore {
  /** Claims a version of an object for an event; returns the id of the event that holds it, from now on or already. */
  recordVersion(marker: VersionMarker): Promise<string>;
  recordFact(fact: Fact): Promise<void>;
  recordRaw(entry: RawEntry): Promise<void>;
  recordDecision(entry: DecisionEntry): Promise<void>;
}

/** Sort keys of the entries: facts sort by time, the rest beside them by kind. */
export const entryKeys = {
  fact: (occurredAt: string, eventId: string) => `${occurredAt}#${eventId}`,
  raw: (occurredAt: string, eventId: string) => `raw#${occurredAt}#${eventId}`,
  version: (providerType: string, objectVersion: string) =>
    objectVersion.startsWith(acrossWords) ? `version#${objectVersion}` : `version#${providerType}#${objectVersion}`,
  decision: (occurredAt: string, eventId: string) => `decision#${occurredAt}#${eventId}`,
} as const;

/**
 * The event as every delivery of it is treated: with the times of the first one. A provider whose body has no time
 * gets another `occurredAt` with each delivery, and a retry under another sort key would be a second fact.
 */
export function asFirstSeen(event: PaymentEvent, firstSeen: FirstSeen | undefined): PaymentEvent {
  if (firstSeen === undefined) return event;
  return { ...event, receivedAt: firstSeen.receivedAt, occurredAt: firstSeen.occurredAt };
}

/** Fact and raw entry of one delivery. `event` is the message's event as first seen. */
export function entriesOf(
  message: WebhookMessage,
  event: PaymentEvent,
  traits: { readonly tier: Tier; readonly sameFactAs?: string },
): { readonly fact: Fact; readonly raw: RawEntry } {
  const archivePartition = archivePartitionOf(event.eventId, event.receivedAt);
  const { eventId, transactionId, occurredAt } = event;
  const { receivedAt } = message.event;
  return {
    fact: { event, source: message.source, archivePartition, ...traits },
    raw: { eventId, transactionId, occurredAt, receivedAt, raw: message.raw },
  };
}
