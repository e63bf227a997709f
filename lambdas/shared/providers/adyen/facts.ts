/**
 * What Adyen's event codes mean for money.
 * Sources: https://docs.adyen.com/development-resources/webhooks/webhook-types, the pages of the codes below
 * https://docs.adyen.com/api-explorer/Webhooks/1/overview, and for disputes
 * https://docs.adyen.com/risk-management/disputes-api/dispute-notifications
 */
import type { PaymentEventType } from "../../../../config/events.ts";
import { field, fieldAt } from "../../domain/exact-json.ts";
import { absolute, fromMinorUnits } from "../../domain/money.ts";
import type { EventDraft } from "../../domain/payment-event.ts";
import { elementsOf } from "../fields.ts";
import { type AdyenSettings, adyenExponents } from "./capabilities.ts";
import { textOf } from "./items.ts";

type Money = NonNullable<EventDraft["money"]>;

export interface AdyenFact {
  readonly type: PaymentEventType;
  readonly money?: Money;
}

/** What a code means if `success` is "true", and if it is "false": that a request was refused leaves money where it is. */
interface FactRule {
  readonly done: PaymentEventType;
  readonly refused: PaymentEventType;
}

const onlyDone = (done: PaymentEventType): FactRule => ({ done, refused: "other" });

/**
 * Codes that tell of money; all others are `other` without an amount. An amount that is told of again, given back or
 * announced is `other` with it: NOTIFICATION_OF_CHARGEBACK comes before the CHARGEBACK that debits the account, a refund
 * that fails comes after the REFUND. A dispute may end more than once: CHARGEBACK_REVERSED brings the money back and is
 * not final, SECOND_CHARGEBACK takes it again and is. SCHEME_ARBITRATION_LOST is followed by that one.
 */
const rules: ReadonlyMap<string, FactRule> = new Map<string, FactRule>([
  ["AUTHORISATION", { done: "payment.succeeded", refused: "payment.failed" }],
  // A refused request can be sent anew; CAPTURE_FAILED says that the money doesn't come.
  ["CAPTURE", onlyDone("payment.succeeded")],
  ["CAPTURE_FAILED", { done: "payment.failed", refused: "payment.failed" }],
  ["REFUND", onlyDone("refund.created")],
  ["REFUND_WITH_DATA", onlyDone("refund.created")],
  ["CANCEL_OR_REFUND", onlyDone("refund.created")],
  ["REVERSAL", onlyDone("refund.created")],
  ["REFUND_FAILED", onlyDone("other")],
  ["REFUNDED_REVERSED", onlyDone("other")],
  ["NOTIFICATION_OF_CHARGEBACK", onlyDone("other")],
  ["CHARGEBACK", onlyDone("dispute.opened")],
  ["CHARGEBACK_REVERSED", onlyDone("dispute.closed")],
  ["SECOND_CHARGEBACK", onlyDone("dispute.closed")],
  ["PREARBITRATION_WON", onlyDone("dispute.closed")],
  ["PREARBITRATION_LOST", onlyDone("dispute.closed")],
  ["SCHEME_ARBITRATION_WON", onlyDone("dispute.closed")],
  ["SCHEME_ARBITRATION_LOST", onlyDone("other")],
  ["ISSUER_RESPONSE_TIMEFRAME_EXPIRED", onlyDone("dispute.closed")],
  ["DISPUTE_DEFENSE_PERIOD_ENDED", onlyDone("dispute.closed")],
  ["PAYOUT_THIRDPARTY", { done: "payout.paid", refused: "payout.failed" }],
  ["PAYOUT_DECLINE", onlyDone("payout.failed")],
  ["PAYOUT_EXPIRE", onlyDone("payout.failed")],
  ["PAIDOUT_REVERSED", onlyDone("payout.failed")],
]);

export const adyenEventCodes: readonly string[] = [...rules.keys()];

export interface ReadingOptions {
  readonly capture: AdyenSettings["capture"];
  /**
   * Whether the request came with credentials. Adyen's signature covers neither the `operations` nor the additional data
   * of an item: without credentials, nobody vouches for what they say.
   */
  readonly isVouchedFor: boolean;
}

/** Type and money of an item. */
export function factOf(code: string, item: unknown, options: ReadingOptions): AdyenFact {
  const rule = rules.get(code);
  const success = textOf(field(item, "success"));
  if (rule === undefined || (success !== "true" && success !== "false")) return { type: "other" };
  const money = paymentCodes.has(code) ? statedMoney(field(item, "amount")) : moneyIn(field(item, "amount"));
  if (success === "false") return { type: rule.refused, money };
  if (code === "AUTHORISATION") return authorisation(item, money, options);
  if (code === "CAPTURE") return { type: options.capture === "manual" ? rule.done : "other", money };
  const isReversal = code === "CANCEL_OR_REFUND" || code === "REVERSAL";
  return isReversal ? reversal(item, money, options) : { type: rule.done, money };
}

/**
 * An amount of nothing only checks the card. With manual capture an authorisation is paid all the same where it can't be
 * captured, as with iDEAL: then CAPTURE isn't among the `operations` that it allows. A list that is missing says nothing.
 */
function authorisation(item: unknown, money: Money, { capture, isVouchedFor }: ReadingOptions): AdyenFact {
  const { amount } = money;
  if (amount.kind === "exact" && amount.amountMinor === "0") return { type: "other", money };
  if (capture === "automatic") return { type: "payment.succeeded", money };
  const operations = elementsOf(field(item, "operations"));
  if (operations.length === 0 || operations.includes("CAPTURE")) return { type: "other", money };
  return { type: "payment.succeeded", money: isVouchedFor ? money : unbelieved(money) };
}

/** Whether money went back, or an authorisation was cancelled, is told by this alone; what it is otherwise, a person says. */
function reversal(item: unknown, money: Money, { isVouchedFor }: ReadingOptions): AdyenFact {
  const action = fieldAt(item, "additionalData", "modification.action");
  if (action === "refund") return { type: "refund.created", money: isVouchedFor ? money : unbelieved(money) };
  if (typeof action === "string" && action !== "") return { type: "other" };
  return { type: "refund.created", money: unbelieved(money) };
}

/** Money that a person looks at before it counts. */
function unbelieved(money: Money): Money {
  return { ...money, amount: { kind: "unusable", reason: "object_unexpected" } };
}

/** Codes whose amount is never below zero: one that is, isn't taken for its opposite. */
const paymentCodes: ReadonlySet<string> = new Set(["AUTHORISATION", "CAPTURE", "CAPTURE_FAILED"]);

/** `{ currency, value }` in Adyen's minor units. Refunds, disputes and payouts go either way; the type says which. */
export function moneyIn(stated: unknown): Money {
  const { amount, currency } = statedMoney(stated);
  return { amount: absolute(amount), currency };
}

function statedMoney(stated: unknown): Money {
  const value = field(stated, "value");
  const currency = field(stated, "currency");
  if (value === undefined || value === null)
    return { amount: { kind: "unusable", reason: "amount_missing" }, currency };
  return { amount: fromMinorUnits(value, currency, adyenExponents), currency };
}
