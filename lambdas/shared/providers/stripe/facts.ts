/** What each of Stripe's event types means for money. Source: https://docs.stripe.com/api/events/types */
import type { PaymentEventType } from "../../../../config/events.ts";
import { field, fieldAt } from "../../domain/exact-json.ts";
import { type Amount, fromMinorUnits } from "../../domain/money.ts";
import type { EventDraft } from "../../domain/payment-event.ts";
import { stripeExponents } from "./capabilities.ts";

export interface StripeFact {
  readonly type: PaymentEventType;
  readonly money?: NonNullable<EventDraft["money"]>;
  /**
   * What makes one fact of the object, where that happens to it once. Stripe may make two events of it, and says that the
   * object's id and the type tell: https://docs.stripe.com/webhooks#handle-duplicate-events
   */
  readonly version?: readonly string[];
}

interface FactRule {
  readonly type: PaymentEventType;
  /** Fields of the object that may hold the amount, best first. */
  readonly amount?: readonly string[];
  /** It happens to an object once for each value of these fields. Absent: nobody can tell but by all that the object is. */
  readonly once?: readonly string[];
}

/**
 * One movement of money is one monetary event, although Stripe tells of it several times: a payment intent's charges
 * and a refund's charge repeat what the intent and the refund said. Those are `other`, with their amount, because only
 * the charge knows the card. A refund that fails is money that came back: `other`, with its amount. Types that aren't
 * here move no money or tell again what another one tells: `other` without amount. So do `charge.dispute.funds_withdrawn`
 * and `funds_reinstated` of disputes, `refund.updated` of refunds, `payout.canceled` of payouts that nobody was paid,
 * `invoice.paid` and `checkout.session.completed` of payments, and all thin events of API v2 that aren't about an account.
 */
export const stripeRules: ReadonlyMap<string, FactRule> = new Map<string, FactRule>([
  ["payment_intent.succeeded", { type: "payment.succeeded", amount: ["amount_received", "amount"], once: [] }],
  ["payment_intent.payment_failed", { type: "payment.failed", amount: ["amount"] }],
  ["charge.succeeded", { type: "payment.succeeded", amount: ["amount"], once: [] }],
  ["charge.captured", { type: "payment.succeeded", amount: ["amount_captured", "amount"], once: [] }],
  ["charge.failed", { type: "payment.failed", amount: ["amount"] }],
  ["refund.created", { type: "refund.created", amount: ["amount"], once: [] }],
  ["refund.failed", { type: "other", amount: ["amount"] }],
  ["charge.dispute.created", { type: "dispute.opened", amount: ["amount"], once: [] }],
  ["charge.dispute.closed", { type: "dispute.closed", amount: ["amount"], once: ["status"] }],
  ["payout.paid", { type: "payout.paid", amount: ["amount"], once: [] }],
  ["payout.failed", { type: "payout.failed", amount: ["amount"], once: [] }],
  ["transfer.created", { type: "other", amount: ["amount"] }],
  ["transfer.reversed", { type: "other", amount: ["amount_reversed"] }],
  ["account.updated", { type: "account.updated" }],
]);

/**
 * Other events of accounts that are connected, their bank accounts, capabilities and persons; `v2.core.account` and its
 * parts in brackets are the same in API v2. Source: https://docs.stripe.com/api/v2/core/events/event-types
 */
const accountEvents = /^(account|capability|person)\.|^v2\.core\.account[.[]/;

/** Type and money of a Stripe event. */
export function factOf(stripeType: string, event: unknown): StripeFact {
  const object = fieldAt(event, "data", "object");
  const currency = field(object, "currency");
  if (stripeType === "charge.refunded") {
    return { type: refundTypeOf(event), money: { amount: refundedBy(event), currency } };
  }
  const rule = ruleOf(stripeType, event);
  const type = isRepeatedByCharge(stripeType, object) || isNoRefund(stripeType, object) ? "other" : rule.type;
  if (rule.amount === undefined) return { type };
  const stated = rule.amount.map((name) => field(object, name)).find((value) => value !== undefined && value !== null);
  const amount = fromMinorUnits(stated, currency, stripeExponents);
  const version = type === "other" ? undefined : versionOf(object, amount, rule.once);
  return { type, money: { amount, currency }, ...(version === undefined ? {} : { version }) };
}

/** Money that can't be read, and objects without an id, are nobody else's fact. */
function versionOf(object: unknown, amount: Amount, once: FactRule["once"]): readonly string[] | undefined {
  if (once === undefined || amount.kind === "unusable") return undefined;
  const telling = ["id", ...once].map((name) => field(object, name));
  if (!telling.every((value) => typeof value === "string")) return undefined;
  return [...telling, amount.amountMinor, amount.currency];
}

/** Before `refund.failed` was told, that a refund failed was told as a change of it. Source: as of `refundTypeOf`. */
function ruleOf(stripeType: string, event: unknown): FactRule {
  const isFailure =
    stripeType === "charge.refund.updated" &&
    isBeforeRefundEvents(event) &&
    fieldAt(event, "data", "object", "status") === "failed";
  const rule = stripeRules.get(isFailure ? "refund.failed" : stripeType);
  return rule ?? { type: accountEvents.test(stripeType) ? "account.updated" : "other" };
}

/** A charge says what its payment intent says too; and an uncaptured one is an authorisation, not yet a payment. */
function isRepeatedByCharge(stripeType: string, object: unknown): boolean {
  if (!/^charge\.(succeeded|captured|failed)$/.test(stripeType)) return false;
  const hasIntent = (field(object, "payment_intent") ?? null) !== null;
  return hasIntent || (stripeType === "charge.succeeded" && field(object, "captured") === false);
}

/** A refund that failed or was cancelled as soon as it was made gave nothing back. */
function isNoRefund(stripeType: string, object: unknown): boolean {
  return stripeType === "refund.created" && /^(failed|canceled)$/.test(String(field(object, "status")));
}

/**
 * Since API version 2024-10-28 every refund has a `refund.created` of its own, which is the fact; before, refunds of
 * charges were told by `charge.refunded` alone. Source: https://docs.stripe.com/changelog/acacia/2024-10-28/refund-webhook-update
 */
function refundTypeOf(event: unknown): PaymentEventType {
  return isBeforeRefundEvents(event) ? "refund.created" : "other";
}

function isBeforeRefundEvents(event: unknown): boolean {
  const version = field(event, "api_version");
  return typeof version === "string" && version < "2024-10-28";
}

/** A charge states the sum of its refunds: this one's amount is what the sum grew by, known only with its old value. */
function refundedBy(event: unknown): Amount {
  const currency = fieldAt(event, "data", "object", "currency");
  const before = fromMinorUnits(
    fieldAt(event, "data", "previous_attributes", "amount_refunded"),
    currency,
    stripeExponents,
  );
  const after = fromMinorUnits(fieldAt(event, "data", "object", "amount_refunded"), currency, stripeExponents);
  if (before.kind === "unusable") return before;
  if (after.kind === "unusable") return after;
  return { ...after, amountMinor: (BigInt(after.amountMinor) - BigInt(before.amountMinor)).toString() };
}
