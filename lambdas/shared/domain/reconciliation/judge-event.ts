/** What the provider says of one event, compared with what we have: exactly one judgement for each. */
import type { PaymentEvent } from "../../../../config/events.ts";
import type { Discrepancy, DiscrepancyKind } from "../../../../config/reconciliation.ts";
import type { FactRecord } from "../archive/records.ts";
import { isCriticalEvent } from "./discrepancy.ts";
import type { EventClaim } from "./ports.ts";

/** The event as the provider's own JSON translates. */
export type TheirEvent = Pick<PaymentEvent, "eventId" | "type" | "providerType" | "amountMinor" | "currency">;

export type Judgement =
  /** Recorded as the provider says it. */
  | { readonly kind: "fine"; readonly fact: FactRecord }
  /** The same fact under a second id: it was taken and counts for nothing. */
  | { readonly kind: "skipped" }
  /** Somebody works on it; the next run looks again. */
  | { readonly kind: "in-progress" }
  /** It is to go through the queue once more, unless that was tried too often (retries.ts). */
  | { readonly kind: "re-enter"; readonly trouble: DiscrepancyKind; readonly ours?: Discrepancy["ours"] }
  /** A person has to look. */
  | {
      readonly kind: "report";
      readonly trouble: DiscrepancyKind;
      readonly ours: Discrepancy["ours"];
      readonly fact?: FactRecord;
    };

/**
 * @param claim deduplication's record of the event; absent if we never took it
 * @param fact what the ledger has of it; looked at for a COMPLETED event alone
 */
export function judgeEvent(
  theirs: TheirEvent,
  claim: EventClaim | undefined,
  fact: FactRecord | undefined,
  nowMs: number,
): Judgement {
  if (claim === undefined) {
    return { kind: "re-enter", trouble: isCriticalEvent(theirs) ? "missed-critical-event" : "missed-event" };
  }
  const ours = { status: claim.status };
  switch (claim.status) {
    case "SKIPPED":
      return { kind: "skipped" };
    case "COMPLETED":
      return judgeRecorded(theirs, fact);
    case "FAILED":
      return { kind: "re-enter", trouble: "failed-event", ours };
    case "PROCESSING":
      return isUntaken(claim, nowMs)
        ? { kind: "re-enter", trouble: "processing-expired", ours }
        : { kind: "in-progress" };
  }
}

/** Whether nobody has completed an event, and nobody works on it. */
export function isUntaken(claim: EventClaim | undefined, nowMs: number): boolean {
  if (claim === undefined || claim.status === "FAILED") return true;
  const { status, leaseExpiresAt } = claim;
  return status === "PROCESSING" && leaseExpiresAt !== undefined && leaseExpiresAt <= nowMs;
}

function judgeRecorded(theirs: TheirEvent, fact: FactRecord | undefined): Judgement {
  if (fact === undefined) return { kind: "report", trouble: "not-recorded", ours: { status: "COMPLETED" } };
  const trouble = mismatchOf(theirs, fact);
  return trouble === undefined ? { kind: "fine", fact } : { kind: "report", trouble, ours: sideOf(fact), fact };
}

/** What an event says that is compared: its type in our words, and the provider's own. */
interface Told {
  readonly amountMinor?: string | undefined;
  readonly currency?: string | undefined;
  readonly type: string | undefined;
  readonly providerType: string;
}

/** The most telling difference: amounts in two currencies aren't compared. */
export function mismatchOf(theirs: Told, fact: FactRecord): DiscrepancyKind | undefined {
  if (theirs.currency !== fact.currency) return "currency-mismatch";
  if (theirs.amountMinor !== fact.amountMinor?.toString()) return "amount-mismatch";
  return isOtherFact(theirs, fact) ? "status-mismatch" : undefined;
}

/**
 * Stripe tells `charge.refunded` as the refund itself to endpoints of an old API version, and beside the refund to
 * others. So an event that is `other` on one side, under the provider's same word, is one event in two renderings.
 */
function isOtherFact(theirs: Told, fact: FactRecord): boolean {
  if (theirs.type === fact.type) return false;
  const isRendering = theirs.providerType === fact.providerType && (theirs.type === "other" || fact.type === "other");
  return !isRendering;
}

/** A fact or an event as one side of a discrepancy. */
export function sideOf(about: {
  readonly amountMinor?: bigint | string | undefined;
  readonly currency?: string | undefined;
  readonly type: string;
}): NonNullable<Discrepancy["ours"]> {
  return {
    ...(about.amountMinor !== undefined && { amountMinor: about.amountMinor.toString() }),
    ...(about.currency !== undefined && { currency: about.currency }),
    status: about.type,
  };
}
