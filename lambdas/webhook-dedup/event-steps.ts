/**
 * The steps that one event takes: claim → record → (bus) → complete. None of them throws: each ends in the next one's
 * input or in an outcome.
 */
import type { PaymentEvent, Tier, WebhookMessage } from "../../config/events.ts";
import type { ClaimRequest, ClaimStore, Completion, FirstSeen } from "../shared/domain/claims.ts";
import { asFirstSeen, entriesOf, type TransactionStore } from "../shared/domain/ledger.ts";
import { type Delivery, outcomeOfError, type RecordOutcome } from "../shared/domain/outcomes.ts";
import { PermanentError, RetryableError } from "../shared/domain/retryable-error.ts";
import type { TierOf } from "../shared/domain/routing.ts";
import { contentOf } from "./content.ts";
import { signatureIn } from "./signature.ts";

export interface EventPorts {
  readonly claims: ClaimStore;
  readonly transactions: TransactionStore;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** A UUID that was never given before. */
  readonly newToken: () => string;
  readonly tierOf: TierOf;
}

export type WebhookDelivery = Delivery<WebhookMessage>;

/** An event as it goes onto the bus. */
export interface RoutedEvent {
  readonly delivery: WebhookDelivery;
  /** With the times of the first delivery. */
  readonly event: PaymentEvent;
  readonly tier: Tier;
}

/** An event whose claim this invocation holds. */
export interface ClaimedEvent extends RoutedEvent {
  readonly lockToken: string;
}

/** How far an event has come before the bus. */
export type Progress =
  | { readonly kind: "ended"; readonly outcome: RecordOutcome }
  | { readonly kind: "recorded"; readonly claimed: ClaimedEvent }
  /** Completed before, and somebody wants it on the bus again. Its claim stays as it is. */
  | { readonly kind: "replayed"; readonly routed: RoutedEvent }
  /** Another event id, the holder, has recorded this version of the object. */
  | { readonly kind: "same-fact"; readonly claimed: ClaimedEvent; readonly holder: string };

/** `leaseSeconds` must be longer than the handler may run, so that a live worker never loses its claim. */
export function createEventSteps(ports: EventPorts, leaseSeconds: number) {
  const { claims, transactions, now, tierOf } = ports;

  /** Claims the event and records it, unless the archive has it recorded. */
  async function begin(delivery: WebhookDelivery): Promise<Progress> {
    const { event: received, replay } = delivery.message;
    const lockToken = ports.newToken();
    const content = replay?.firstContent ?? contentOf(received);
    const isReused = (firstContent: string = content) => firstContent !== content;
    let event: PaymentEvent;
    try {
      const claim = await claims.claim(claimRequest(delivery, lockToken, content));
      if (claim.kind === "completed") {
        if (isReused(claim.firstSeen?.content)) return ended(reusedId);
        return claim.status === "COMPLETED" ? await again(delivery, claim.firstSeen) : ended(duplicate);
      }
      if (claim.kind === "busy") return ended({ kind: "retry", outcome: "busy" });
      event = asFirstSeen(received, claim.firstSeen);
      if (isReused(claim.firstSeen?.content)) {
        await claims.fail({ key: received.eventId, lockToken, error: reusedId.reason, nowMs: now() });
        return ended(reusedId);
      }
    } catch (error) {
      return ended(outcomeOfError(error));
    }
    const claimed: ClaimedEvent = { delivery, lockToken, event, tier: tierOf(event) };
    if (replay?.archived === true) return { kind: "recorded", claimed };
    try {
      const holder = await versionHolder(event);
      if (holder !== event.eventId) return { kind: "same-fact", claimed, holder };
      await record(claimed);
      return { kind: "recorded", claimed };
    } catch (error) {
      return ended(await abandon(claimed, error));
    }
  }

  /**
   * A completed event that has come again: a duplicate, unless somebody has said that it shall go onto the bus again. Who
   * and why is on record before it does. A fact that repeats another one has never been there and doesn't go now.
   */
  async function again(delivery: WebhookDelivery, firstSeen: FirstSeen | undefined): Promise<Progress> {
    const { event: received, replay } = delivery.message;
    const event = asFirstSeen(received, firstSeen);
    const tier = tierOf(event);
    if (replay?.force !== true || tier === "unrouted") return ended(duplicate);
    if ((await claims.noteReplay(event.eventId, replay)) === "gone") {
      throw new RetryableError("claim-gone", "The event's record ended while it was looked at");
    }
    return { kind: "replayed", routed: { delivery, event, tier } };
  }

  /** Closes the claim of an event whose effects are all durable (WEBHOOK_RULES 8). */
  async function complete(claimed: ClaimedEvent): Promise<RecordOutcome> {
    const isUnrouted = claimed.tier === "unrouted";
    const result = isUnrouted ? "recorded; not routed, since there is no money in it" : `routed as ${claimed.tier}`;
    return end(claimed, { status: "COMPLETED", result }, isUnrouted ? "unrouted" : "processed");
  }

  /**
   * One fact under two event ids (WEBHOOK_RULES 5). Once the holder has completed, this event is kept beside it and
   * skipped: decided and counted once. Until then it waits, whatever state the holder is in. Taking over from a holder
   * that failed or crashed could double the fact, since it may have reached the bus before; and its own message is not
   * lost: it is in the queue or, with an alarm, in the dead-letter queue. A holder without a record was claimed more
   * than a deduplication window ago, and its fact has long been history.
   */
  async function settleSameFact(claimed: ClaimedEvent, holder: string): Promise<RecordOutcome> {
    try {
      const status = await claims.statusOf(holder);
      if (status === "PROCESSING" || status === "FAILED") {
        throw new RetryableError("same-fact-unfinished", "The same fact is being processed under another event id");
      }
      await record(claimed, holder);
      return await end(claimed, { status: "SKIPPED", result: `same fact as ${holder}` }, "same-fact");
    } catch (error) {
      return abandon(claimed, error);
    }
  }

  /** Gives the claim back after a fault, so that the next delivery needn't wait for the lease to end. */
  async function abandon({ event, lockToken }: ClaimedEvent, error: unknown): Promise<RecordOutcome> {
    try {
      await claims.fail({ key: event.eventId, lockToken, error: textOf(error), nowMs: now() });
    } catch {
      // The lease ends by itself, and the fault that matters is reported with the outcome.
    }
    return outcomeOfError(error);
  }

  async function end(
    claimed: ClaimedEvent,
    completion: Pick<Completion, "status" | "result">,
    outcome: string,
  ): Promise<RecordOutcome> {
    const { event, lockToken } = claimed;
    try {
      const result = await claims.complete({ key: event.eventId, lockToken, nowMs: now(), ...completion });
      // Whoever holds the claim now repeats the effects harmlessly. This delivery looks again whether that succeeded.
      return result === "written" ? { kind: "done", outcome } : { kind: "retry", outcome: "lost-lease" };
    } catch (error) {
      return abandon(claimed, error);
    }
  }

  async function versionHolder({ eventId, transactionId, providerType, objectVersion }: PaymentEvent): Promise<string> {
    if (objectVersion === undefined) return eventId;
    return transactions.recordVersion({ transactionId, providerType, objectVersion, eventId });
  }

  async function record({ delivery, event, tier }: ClaimedEvent, sameFactAs?: string): Promise<void> {
    const entries = entriesOf(delivery.message, event, { tier, ...(sameFactAs !== undefined && { sameFactAs }) });
    await Promise.all([transactions.recordFact(entries.fact), transactions.recordRaw(entries.raw)]);
  }

  function claimRequest({ message }: WebhookDelivery, lockToken: string, content: string): ClaimRequest {
    const { event, source, raw, replay } = message;
    const signature = source === "webhook" ? signatureIn(raw.headers) : undefined;
    return {
      key: event.eventId,
      lockToken,
      nowMs: now(),
      leaseSeconds,
      delivery: { correlationId: event.correlationId, source, ...(signature !== undefined && { signature }) },
      firstSeen: { receivedAt: event.receivedAt, occurredAt: event.occurredAt, content },
      ...(replay && { replay }),
    };
  }

  return { begin, complete, settleSameFact, abandon };
}

export const duplicate: RecordOutcome = { kind: "done", outcome: "duplicate" };

/**
 * Somebody's mistake, or somebody's attack on an id that no signature covers: either way money that nobody has recorded.
 * A person has to look at it, with the bytes that came.
 */
const reusedId = {
  kind: "reject",
  reason: "event-id-reused",
  detail: "Another event has been taken under this event id, and this one says something else",
} as const;

function ended(outcome: RecordOutcome): Progress {
  return { kind: "ended", outcome };
}

/** For the record's `error`. Errors that aren't ours may quote anything, so only their name is kept. */
function textOf(error: unknown): string {
  if (error instanceof RetryableError || error instanceof PermanentError) return `${error.code}: ${error.message}`;
  return error instanceof Error ? error.name : "unknown error";
}
