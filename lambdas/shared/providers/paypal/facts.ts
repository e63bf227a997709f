/**
 * What PayPal's event names mean for money.
 * Source: https://developer.paypal.com/api/rest/webhooks/event-names/ and, for what the objects look like, the references
 * of Payments v2 and v1, Disputes v1 and Payouts v1.
 */
import type { PaymentEventType } from "../../../../config/events.ts";
import { decimalText, field, fieldAt } from "../../domain/exact-json.ts";
import { absolute, fromMajorUnits, parseDecimal, upperCaseCode } from "../../domain/money.ts";
import type { EventDraft } from "../../domain/payment-event.ts";
import { elementsOf, idText } from "../fields.ts";
import type { MoneyFact } from "../money-fact.ts";
import { wholeUnitCurrencies } from "./capabilities.ts";

type Read = (resource: unknown) => MoneyFact;

const completedPayment: Read = (resource) => ofObject("payment.succeeded", resource);
const failedPayment: Read = (resource) => ofObject("payment.failed", resource);
const paidPayout: Read = (resource) => ofPayoutItem("payout.paid", resource, "paid");
/** An item ends once, whichever of the words is used of it: what is canceled is returned, too. */
const failedPayout: Read = (resource) => ofPayoutItem("payout.failed", resource, "failed");

/**
 * Names that aren't here move no money, or tell again what another one tells: `other`. A batch of payouts repeats its
 * items, except when it is denied as a whole; whether its items are told of then, too, isn't documented, and better
 * counted twice and seen than lost. An item that its recipient refunds was paid all the same.
 */
const rules: ReadonlyMap<string, Read> = new Map<string, Read>([
  ["PAYMENT.CAPTURE.COMPLETED", completedPayment],
  ["PAYMENT.CAPTURE.DENIED", failedPayment],
  ["PAYMENT.CAPTURE.DECLINED", failedPayment],
  ["PAYMENT.CAPTURE.REFUNDED", refund],
  ["PAYMENT.CAPTURE.REVERSED", refund],
  ["PAYMENT.SALE.COMPLETED", completedPayment],
  ["PAYMENT.SALE.DENIED", failedPayment],
  ["PAYMENT.SALE.REFUNDED", refund],
  ["PAYMENT.SALE.REVERSED", refund],
  ["CUSTOMER.DISPUTE.CREATED", (resource) => dispute("dispute.opened", resource, ["opened"])],
  ["CUSTOMER.DISPUTE.RESOLVED", (resource) => dispute("dispute.closed", resource, outcomeOf(resource))],
  ["PAYMENT.PAYOUTS-ITEM.SUCCEEDED", paidPayout],
  ["PAYMENT.PAYOUTS-ITEM.BLOCKED", failedPayout],
  ["PAYMENT.PAYOUTS-ITEM.CANCELED", failedPayout],
  ["PAYMENT.PAYOUTS-ITEM.DENIED", failedPayout],
  ["PAYMENT.PAYOUTS-ITEM.FAILED", failedPayout],
  ["PAYMENT.PAYOUTS-ITEM.RETURNED", failedPayout],
  ["PAYMENT.PAYOUTSBATCH.DENIED", (resource) => batch("payout.failed", resource)],
  ["PAYMENT.PAYOUTSBATCH.PROCESSING", (resource) => batch("other", resource)],
  ["PAYMENT.PAYOUTSBATCH.SUCCESS", (resource) => batch("other", resource)],
]);

export const paypalEventNames: readonly string[] = [...rules.keys()];

/** Accounts of merchants that are connected to a platform. */
const accountEvents = /^(MERCHANT|CUSTOMER\.MERCHANT-INTEGRATION)\./;

export function factOf(name: string, resource: unknown): MoneyFact {
  const read = rules.get(name);
  if (read !== undefined) return read(resource);
  if (accountEvents.test(name)) {
    return { type: "account.updated", objectId: idText(field(resource, "merchant_id")) ?? ownId(resource) };
  }
  if (name.startsWith("PAYMENT.PAYOUTS-ITEM.")) return { ...ofPayoutItem("other", resource, name), type: "other" };
  if (name.startsWith("CUSTOMER.DISPUTE.")) return { type: "other", objectId: disputedId(resource) };
  return { type: "other", objectId: ownId(resource) };
}

function ofObject(type: PaymentEventType, resource: unknown): MoneyFact {
  return { type, money: moneyIn(field(resource, "amount")), objectId: ownId(resource), version: [ownId(resource)] };
}

/**
 * A refund's own object, which names the capture or sale that it is of; or, where PayPal reverses a payment, that payment
 * itself. Refunds of sales are stated below zero.
 */
function refund(resource: unknown): MoneyFact {
  const payment =
    idText(field(resource, "sale_id")) ?? idText(field(resource, "capture_id")) ?? linkedPayment(resource);
  const { amount, currency } = moneyIn(field(resource, "amount"));
  const money = { amount: absolute(amount), currency };
  return { type: "refund.created", money, objectId: payment ?? ownId(resource), version: [ownId(resource)] };
}

function dispute(type: PaymentEventType, resource: unknown, version: readonly unknown[]): MoneyFact {
  const money = moneyIn(field(resource, "dispute_amount"));
  return { type, money, objectId: disputedId(resource), version: [field(resource, "dispute_id"), ...version] };
}

/** A dispute that is appealed is resolved again, with another outcome or at another time. */
function outcomeOf(resource: unknown): readonly unknown[] {
  return [fieldAt(resource, "dispute_outcome", "outcome_code"), field(resource, "update_time")];
}

/** The seller's id of the disputed transaction is its capture's or sale's. A dispute of several goes by its own id. */
function disputedId(resource: unknown): unknown {
  const [first, ...others] = elementsOf(field(resource, "disputed_transactions"));
  const paymentId = others.length === 0 ? idText(field(first, "seller_transaction_id")) : undefined;
  return paymentId ?? field(resource, "dispute_id");
}

/**
 * The transaction is what PayPal's books know an item by, as long as it is paid or on its way. One that fails may be told
 * with it and without it, and goes by its own id, so that it fails once. Nothing is torn apart by that: what has succeeded
 * doesn't fail, and what isn't claimed comes back as a failure without ever having been paid.
 * Source: https://developer.paypal.com/docs/api/payments.payouts-batch/v1/#payouts-item_get (`transaction_status`)
 */
function ofPayoutItem(type: PaymentEventType, resource: unknown, end: string): MoneyFact {
  const itemId = field(resource, "payout_item_id");
  const transactionId = type === "payout.failed" ? undefined : idText(field(resource, "transaction_id"));
  return {
    type,
    money: moneyIn(fieldAt(resource, "payout_item", "amount")),
    objectId: transactionId ?? itemId,
    ...(idText(itemId) === undefined ? {} : { version: [itemId, end] }),
  };
}

function batch(type: PaymentEventType, resource: unknown): MoneyFact {
  const header = field(resource, "batch_header");
  const batchId = field(header, "payout_batch_id");
  return {
    type,
    money: moneyIn(field(header, "amount")),
    objectId: batchId,
    ...(idText(batchId) === undefined ? {} : { version: [batchId, field(header, "batch_status")] }),
  };
}

function ownId(resource: unknown): unknown {
  return field(resource, "id");
}

/** The payment at the end of the link that says whose refund this is: `rel` is `up`, its path the payment's own. */
function linkedPayment(resource: unknown): string | undefined {
  const links = elementsOf(field(resource, "links")).filter((link) => field(link, "rel") === "up");
  const ids = links.map((link) => {
    const href = field(link, "href");
    return typeof href === "string" ? /\/v\d\/payments\/captures?\/([A-Za-z0-9-]{1,100})$/.exec(href)?.[1] : undefined;
  });
  return ids.find((id) => id !== undefined);
}

/**
 * Amounts are decimal text in major units: `{ currency_code, value }` since Payments v2, `{ currency, total }` in v1,
 * `{ currency, value }` in payouts. Where PayPal takes no decimals, an amount that has some is no amount of PayPal's.
 */
export function moneyIn(stated: unknown): NonNullable<EventDraft["money"]> {
  const currency = field(stated, "currency_code") ?? field(stated, "currency");
  const value = field(stated, "value") ?? field(stated, "total");
  const isMissing = value === undefined || value === null;
  const isBroken = wholeUnitCurrencies.has(upperCaseCode(currency, 3) ?? "") && hasFraction(value);
  if (isMissing) return { amount: { kind: "unusable", reason: "amount_missing" }, currency };
  if (isBroken) return { amount: { kind: "unusable", reason: "amount_inexact" }, currency };
  return { amount: fromMajorUnits(value, currency), currency };
}

function hasFraction(value: unknown): boolean {
  const decimal = parseDecimal(decimalText(value) ?? "");
  return decimal !== undefined && decimal.units % 10n ** BigInt(decimal.scale) !== 0n;
}
