/**
 * What is sent, decided before anything is: every webhook with what a correct pipeline makes of it. The expectations
 * come from how a webhook was made (an amount chosen for its tier), never from the code that is being judged.
 */
import type { Decision, PaymentEventType, Tier } from "../../config/events.ts";
import type { ProviderName } from "../../config/providers.ts";
import type { WebhookOrder } from "../commands/webhooks/types.ts";
import type { Money } from "./amounts.ts";

/** How a webhook is spoilt on its way, if it is. */
export type Spoiling =
  /** One bit of the body, after it was signed. */
  | "tampered"
  /** Signed 301 s or more before it is sent. */
  | "stale"
  /** Signed 301 s or more after it is sent. */
  | "future"
  | "unsigned"
  /** Signed, but no JSON. */
  | "malformed"
  /** Above 1 MiB. */
  | "oversized"
  | "unknown-provider"
  | "wrong-method";

/** What the ids of late webhooks begin with. */
export const lateIdPrefix = "evt_late_";

/** One post. */
export interface PlannedWebhook {
  readonly provider: ProviderName;
  readonly order: WebhookOrder;
  readonly spoiling?: Spoiling;
  /** Padding of the body in bytes, for bodies that take the claim check. */
  readonly paddingBytes?: number;
  /**
   * Told by the charge, whose refunds added up to this before, as Stripe's older API versions do: a partial refund of an
   * object that the next one is of too.
   */
  readonly refundedBeforeMinor?: string;
  /** Status that it deserves. */
  readonly status: number;
  /** Sent when all others have been worked off. */
  readonly isLate?: boolean;
  /** The event that it tells of; absent for what is refused. */
  readonly event?: PlannedEvent;
}

/** What a webhook that is accepted stands for. Posts of one event share it. */
export interface PlannedEvent {
  /** Position among the planned events. */
  readonly index: number;
  readonly provider: ProviderName;
  readonly type: PaymentEventType;
  readonly tier: Tier;
  /** The planned event whose fact this one repeats under another id. */
  readonly sameFactAs?: PlannedEvent;
  /** The planned event whose id this one comes under, though it says something else: one of the two is taken. */
  readonly reuses?: PlannedEvent;
  /** What was ordered of its first post: times, customer, card, the provider's own risk score. */
  readonly order: WebhookOrder;
  /** What was asked to be booked, exactly; absent where there is no money, or none that can be used. */
  readonly money?: Money;
  /** What the score may say of it, where the plan makes sure; any where it depends on the order of payments. */
  readonly verdicts?: readonly Decision[];
}

/** Facts of one transaction, and what they add up to in whatever order they come. */
export interface PlannedTransaction {
  readonly events: readonly PlannedEvent[];
  readonly status: string;
  readonly refundedMinor: string;
}

/** Posts of one step go out at once, steps one after the other within a lane; lanes run side by side. */
export type Step = readonly PlannedWebhook[];

export interface Plan {
  readonly steps: readonly Step[];
  readonly webhooks: readonly PlannedWebhook[];
  readonly events: readonly PlannedEvent[];
  /** Transactions with refunds: of all of it, sent before the payment, or of parts of it. */
  readonly transactions: readonly PlannedTransaction[];
}
