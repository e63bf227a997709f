/**
 * What Mollie's words mean for money. A word is a type of the next generation's events; a classic webhook's object is
 * told in the same words, by its state (`payment.paid` of a payment that is paid), so that a fact that comes both ways is
 * one. Sources: https://docs.mollie.com/reference/payments-api-webhooks, refunds-api-webhooks, chargebacks-api-webhooks
 * and payouts-api-webhooks beside it, and https://docs.mollie.com/docs/handling-payment-status
 */
import type { PaymentEventType } from "../../../../config/events.ts";
import { field, fieldAt } from "../../domain/exact-json.ts";
import { absolute, fromMajorUnits, parseDecimal } from "../../domain/money.ts";
import type { EventDraft } from "../../domain/payment-event.ts";
import { digestOf, idText, msOfIso } from "../fields.ts";

export interface MollieFact {
  readonly type: PaymentEventType;
  readonly money?: NonNullable<EventDraft["money"]>;
  /** Object that the word is about; facts about one payment share it. */
  readonly objectId: unknown;
  /** By which the fact is known under another event id; absent where it might be another fact's. */
  readonly version?: string;
  /** When it happened, as the object says. */
  readonly occurredAtMs?: number | undefined;
}

/**
 * What moves money. A payment is its customer's when it is `paid`: `authorized` money is still to be captured. What its
 * customer gives up (`canceled`, `expired`) was never tried. A refund is made when it is `refunded`, before that it may
 * be canceled or fail. A payment link, a sales invoice and a capture are told of by their payment, and each movement of
 * a balance by what it comes of. All these are `other`, without money, and so is what isn't known here.
 */
const moves: ReadonlyMap<string, PaymentEventType> = new Map<string, PaymentEventType>([
  ["payment.paid", "payment.succeeded"],
  ["payment.failed", "payment.failed"],
  ["refund.refunded", "refund.created"],
  ["chargeback.received", "dispute.opened"],
  ["chargeback.reversed", "dispute.closed"],
  ["payout.completed", "payout.paid"],
  ["payout.failed", "payout.failed"],
  ["payout.canceled", "payout.failed"],
]);

/** Objects that come into a state once at the most: their id and the state are the fact. */
const lifeCycles = /^(payment|refund|chargeback|capture|payment-link|payout|sales-invoice|order)\.[a-z-]+$/;

/** @param entityId of the object, where the object itself isn't there */
export function factOf(word: string, entity: unknown, entityId?: unknown): MollieFact {
  const ownId = field(entity, "id") ?? entityId;
  const objectId = idText(field(entity, "paymentId")) ?? ownId;
  const occurredAtMs = timeOf(word, entity);
  const type = moves.get(word);
  if (type === undefined) {
    const isOnce = lifeCycles.test(word) && idText(ownId) !== undefined;
    const version = isOnce ? digestOf(ownId) : entity === undefined ? undefined : digestOf(entity);
    const isAccount = /^(profile|onboarding)\./.test(word);
    return { type: isAccount ? "account.updated" : "other", objectId, occurredAtMs, ...(version && { version }) };
  }
  const money = entity === undefined ? undefined : moneyOf(word, entity);
  const exact = money?.amount.kind === "exact" && idText(ownId) !== undefined ? money.amount : undefined;
  // A payment is paid or fails once. If it is captured in parts, the second part repeats the fact with the sum of both in it, and
  // would be counted on top of the first.
  const version =
    exact && (word.startsWith("payment.") ? digestOf(ownId) : digestOf(ownId, exact.amountMinor, exact.currency));
  return { type, objectId, occurredAtMs, ...(money && { money }), ...(version && { version }) };
}

/**
 * Amounts are decimal text in major units with ISO's decimals, also of ISK, HUF and TWD.
 * Source: https://docs.mollie.com/docs/multicurrency
 */
function moneyOf(word: string, entity: unknown): NonNullable<EventDraft["money"]> {
  const stated = word === "payment.paid" ? paidAmount(entity) : field(entity, "amount");
  const currency = field(stated, "currency");
  const contradiction = contradictionIn(word, entity);
  if (contradiction !== undefined) return { amount: { kind: "unusable", reason: contradiction }, currency };
  const value = field(stated, "value");
  if (value === undefined || value === null)
    return { amount: { kind: "unusable", reason: "amount_missing" }, currency };
  const amount = fromMajorUnits(value, currency);
  return { amount: word.startsWith("payment.") ? amount : absolute(amount), currency };
}

/** What was captured, of a payment that was authorized for more. */
function paidAmount(payment: unknown): unknown {
  const captured = field(payment, "amountCaptured");
  const value = field(captured, "value");
  const decimal = typeof value === "string" ? parseDecimal(value) : undefined;
  return decimal !== undefined && decimal.units > 0n ? captured : field(payment, "amount");
}

/** An object of another kind, or one that is in another state by now: a person has to look at it. */
function contradictionIn(word: string, entity: unknown): "object_unexpected" | "status_contradicts" | undefined {
  const [kind, state] = word.split(".");
  const [resource, status] = [field(entity, "resource"), field(entity, "status")];
  if (typeof resource === "string" && resource !== kind) return "object_unexpected";
  return typeof status === "string" && status !== state ? "status_contradicts" : undefined;
}

/** Payments say `paidAt`, `failedAt` and so on, chargebacks `reversedAt`; refunds only when they were ordered. */
function timeOf(word: string, entity: unknown): number | undefined {
  const [, state = ""] = word.split(".");
  return msOfIso(field(entity, `${state}At`)) ?? msOfIso(field(entity, "createdAt"));
}

/** What a payment tells the fraud score. */
export function signalsOf(payment: unknown): NonNullable<EventDraft["signals"]> {
  return {
    cardFingerprint: fieldAt(payment, "details", "cardFingerprint"),
    cardCountry: fieldAt(payment, "details", "cardCountryCode"),
    customerCountry: field(payment, "countryCode") ?? fieldAt(payment, "billingAddress", "country"),
  };
}
