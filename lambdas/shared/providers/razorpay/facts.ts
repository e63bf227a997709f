/**
 * What Razorpay's events mean for money. Source: https://razorpay.com/docs/webhooks/payloads/ and, for what the entities
 * look like, the references of payments, refunds, disputes and payouts.
 */
import type { PaymentEventType } from "../../../../config/events.ts";
import { field, fieldAt } from "../../domain/exact-json.ts";
import type { EventDraft } from "../../domain/payment-event.ts";
import { idText, moneyInMinorUnits } from "../fields.ts";
import type { MoneyFact } from "../money-fact.ts";

type Read = (event: unknown) => MoneyFact;

/**
 * A payment is one when it is captured, which an order that is paid by it tells again; so do links, invoices, codes and
 * subscriptions, which are `other`. A payout ends once, in failure or by its return. A settlement pays the seller out,
 * yet doesn't say in which currency, and so it is `other`, too.
 */
const rules: ReadonlyMap<string, Read> = new Map<string, Read>([
  ["payment.captured", (event) => ofEntity("payment.succeeded", event, "payment")],
  ["order.paid", (event) => ofEntity("payment.succeeded", event, "payment")],
  ["payment.failed", (event) => ofEntity("payment.failed", event, "payment")],
  ["refund.created", refund],
  ["refund.processed", refund],
  ["payment.dispute.created", (event) => dispute("dispute.opened", event, "opened")],
  ["payment.dispute.won", (event) => dispute("dispute.closed", event, "won")],
  ["payment.dispute.lost", (event) => dispute("dispute.closed", event, "lost")],
  ["payment.dispute.closed", (event) => dispute("dispute.closed", event, "closed")],
  ["payout.processed", (event) => ofEntity("payout.paid", event, "payout")],
  ["payout.failed", (event) => ofEntity("payout.failed", event, "payout")],
  ["payout.reversed", (event) => ofEntity("payout.failed", event, "payout")],
]);

export const razorpayEventNames: readonly string[] = [...rules.keys()];

/** Of the seller's account, or of one that a partner has on board, and of the products that it may use. */
const accountEvents = /^(account|product)\./;

/** Names that aren't in the table move no money, or tell again what another one tells: `other` without amount. */
export function factOf(name: string, event: unknown): MoneyFact {
  const read = rules.get(name);
  if (read !== undefined) return read(event);
  if (accountEvents.test(name)) return { type: "account.updated", objectId: field(event, "account_id") };
  if (name.startsWith("payment.dispute.")) return { type: "other", objectId: paymentOf(entityIn(event, "dispute")) };
  if (name.startsWith("refund.")) return { type: "other", objectId: paymentOf(entityIn(event, "refund")) };
  return { type: "other", objectId: field(entityIn(event, name.split(".")[0] ?? ""), "id") };
}

function ofEntity(type: PaymentEventType, event: unknown, kind: "payment" | "payout"): MoneyFact {
  const entity = entityIn(event, kind);
  const id = field(entity, "id");
  return { type, money: moneyIn(entity), objectId: id, version: [id] };
}

/**
 * A refund is one when it is processed, which the first word may tell already. What was authorised and never captured
 * goes back by itself and is told as a refund, too; but nobody was paid before, so it is `other`.
 * Source: https://razorpay.com/docs/webhooks/refunds ("Identify Auto-Refunds")
 */
function refund(event: unknown): MoneyFact {
  const entity = entityIn(event, "refund");
  const objectId = paymentOf(entity);
  const isDone = field(entity, "status") === "processed";
  const isOfPayment = field(entityIn(event, "payment"), "captured") !== false;
  if (!isDone || !isOfPayment) return { type: "other", objectId };
  return { type: "refund.created", money: moneyIn(entity), objectId, version: [field(entity, "id")] };
}

function dispute(type: PaymentEventType, event: unknown, word: string): MoneyFact {
  const entity = entityIn(event, "dispute");
  return { type, money: moneyIn(entity), objectId: paymentOf(entity), version: [field(entity, "id"), word] };
}

/** The payment that a refund or a dispute is of, or else its own id. */
function paymentOf(entity: unknown): unknown {
  return idText(field(entity, "payment_id")) ?? field(entity, "id");
}

export function entityIn(event: unknown, kind: string): unknown {
  return fieldAt(event, "payload", kind, "entity");
}

/**
 * An integer in the currency's smallest unit: as in ISO 4217, none of a yen, thousandths of a Kuwaiti dinar, of which
 * the last digit is always 0. Source: https://razorpay.com/docs/api/orders/entity
 */
function moneyIn(entity: unknown): NonNullable<EventDraft["money"]> {
  return moneyInMinorUnits(field(entity, "amount"), field(entity, "currency"));
}
