/** The money that imported events speak of, with the charges, refunds, disputes and payouts that it belongs to. */
import { createHash } from "node:crypto";
import type Stripe from "stripe";
import { factOf } from "../../../lambdas/shared/providers/stripe/facts.ts";
import { book, cardFeeMinor } from "./balance.ts";
import type { Books } from "./books.ts";
import { newCharge } from "./charging.ts";
import { newDispute } from "./disputes.ts";
import type { ImportedEvent } from "./import-events.ts";
import { intentOf } from "./payment-intent.ts";
import { giveBack, payoutOf } from "./payouts.ts";
import { bookFailure } from "./refund-failures.ts";
import { refundOf } from "./refunds.ts";
import { testCard } from "./test-cards.ts";

interface Money {
  readonly amount: number;
  readonly currency: string;
}

/** Books it: once for each payment, refund, dispute and payout, however many events repeat it. */
export function moveMoney(books: Books, event: ImportedEvent): void {
  const { object } = event.data;
  const { type, money } = factOf(event.type, event);
  const isFailedRefund = event.type === "refund.failed";
  if (money?.amount.kind !== "exact" && !isFailedRefund) return;
  if (object.id === undefined || typeof object.currency !== "string") return;
  const moved: Money = { amount: movedAmount(event), currency: object.currency.toLowerCase() };
  if (!Number.isSafeInteger(moved.amount) || moved.amount < 1) return;
  if (type === "payment.succeeded") pay(books, object, moved);
  if (type === "payment.failed" && object.object === "payment_intent") keepIntent(books, object, moved, undefined);
  if (type === "refund.created") refund(books, event, moved);
  if (type === "dispute.opened") dispute(books, object, moved);
  if (type === "payout.paid" || type === "payout.failed") payOut(books, object, moved);
  if (type === "payout.failed") failPayout(books, `${object.id}`);
  if (isFailedRefund) {
    refund(books, event, moved);
    failRefund(books, `${object.id}`);
  }
}

/** In Stripe's own minor units, which aren't always ISO's. */
function movedAmount({ type, data }: ImportedEvent): number {
  const { object } = data;
  const before = (data.previous_attributes as { amount_refunded?: unknown } | undefined)?.amount_refunded;
  if (type === "charge.refunded") return Number(object.amount_refunded) - Number(before ?? 0);
  return Number(object.amount_received ?? object.amount_captured ?? object.amount);
}

type Given = ImportedEvent["data"]["object"];

function pay(books: Books, object: Given, money: Money): void {
  const isIntent = object.object === "payment_intent";
  const intent = isIntent ? object.id : idOf(object.payment_intent);
  const id = isIntent ? (idOf(object.latest_charge) ?? derivedId("ch_", `${object.id}`)) : `${object.id}`;
  if (books.get("charge", id) === undefined)
    bookCharge(books, id, intent, money, isIntent ? expandedIn(object.latest_charge) : object);
  if (isIntent) keepIntent(books, object, money, id);
}

function bookCharge(books: Books, id: string, intent: string | undefined, money: Money, given: object): Stripe.Charge {
  const made = newCharge(
    books,
    {
      ...money,
      card: "visa",
      paymentMethod: derivedId("pm_", id),
      capture: true,
      ...(intent !== undefined && { intent }),
    },
    testCard("visa"),
  );
  const transaction = book(books, {
    ...money,
    type: "charge",
    category: "charge",
    source: id,
    feeMinor: cardFeeMinor(books, money.amount, money.currency),
  });
  const charge: Stripe.Charge = {
    ...made,
    ...given,
    id,
    currency: money.currency,
    captured: true,
    amount_captured: money.amount,
    balance_transaction: transaction.id,
  };
  books.put("charge", charge);
  return charge;
}

function keepIntent(books: Books, object: Given, money: Money, charge: string | undefined): void {
  const id = `${object.id}`;
  const isPaid = charge !== undefined;
  // A failed attempt that is told of late doesn't undo what succeeded.
  if (!isPaid && books.get("payment_intent", id)?.status === "succeeded") return;
  const ended = isPaid
    ? { status: "succeeded" as const, amount_received: money.amount, latest_charge: charge }
    : { status: "requires_payment_method" as const };
  books.put("payment_intent", { ...intentOf(books, { id, ...money }), ...object, id, ...ended });
}

function refund(books: Books, event: ImportedEvent, money: Money): void {
  const { object } = event.data;
  const isOfCharge = event.type === "charge.refunded";
  const id = isOfCharge ? derivedId("re_", `${object.id}:${object.amount_refunded}`) : `${object.id}`;
  if (books.get("refund", id) !== undefined) return;
  const chargeId = isOfCharge ? object.id : idOf(object.charge);
  const known = chargeId === undefined ? undefined : books.get("charge", chargeId);
  const charge = known ?? chargeBefore(books, chargeId, idOf(object.payment_intent), money);
  const { id: transaction } = book(books, {
    ...money,
    amount: -money.amount,
    type: "refund",
    category: "refund",
    source: id,
  });
  const given = isOfCharge ? {} : object;
  books.put("refund", { ...refundOf(books, charge, money.amount), ...given, id, balance_transaction: transaction });
}

/** A charge of before the import: nothing is known of it, and its money isn't booked here. */
function chargeBefore(books: Books, id: string | undefined, intent: string | undefined, money: Money): Stripe.Charge {
  const request = { ...money, card: "visa", paymentMethod: "", capture: true };
  const made = newCharge(books, { ...request, ...(intent !== undefined && { intent }) }, testCard("visa"));
  return { ...made, id: id ?? derivedId("ch_", intent ?? made.id), captured: true, amount_captured: money.amount };
}

function dispute(books: Books, object: Given, money: Money): void {
  const id = `${object.id}`;
  if (books.get("dispute", id) !== undefined) return;
  const chargeId = idOf(object.charge);
  const known = chargeId === undefined ? undefined : books.get("charge", chargeId);
  const charge = known ?? chargeBefore(books, chargeId, idOf(object.payment_intent), money);
  const transaction = book(books, {
    ...money,
    amount: -money.amount,
    type: "adjustment",
    category: "dispute",
    source: id,
  });
  const made = newDispute(books, id, charge, "general");
  books.put("dispute", { ...made, ...object, id, ...money, balance_transactions: [transaction] });
}

function payOut(books: Books, object: Given, money: Money): void {
  const id = `${object.id}`;
  if (books.get("payout", id) !== undefined) return;
  const transaction = book(books, { ...money, amount: -money.amount, type: "payout", category: "payout", source: id });
  const made = { ...payoutOf(books, { id, ...money }), ...object };
  books.put("payout", { ...made, id, ...money, status: "paid", balance_transaction: transaction.id });
}

/** What was paid or given back comes back; who tells so twice is believed once. */
function failPayout(books: Books, id: string): void {
  const payout = books.require("payout", id);
  if (hasComeBack(books, payout)) return;
  const transaction = giveBack(books, payout, "payout_failure");
  books.put("payout", { ...payout, status: "failed", failure_balance_transaction: transaction });
}

function failRefund(books: Books, id: string): void {
  const given = books.require("refund", id);
  if (hasComeBack(books, given)) return;
  const transaction = bookFailure(books, given);
  books.put("refund", { ...given, status: "failed", failure_balance_transaction: transaction });
}

function hasComeBack(books: Books, { failure_balance_transaction: id }: Stripe.Payout | Stripe.Refund): boolean {
  return typeof id === "string" && books.get("balance_transaction", id) !== undefined;
}

/** What a reference says of its object, where it is expanded. */
function expandedIn(reference: unknown): object {
  return typeof reference === "object" && reference !== null ? reference : {};
}

/** The same id each time, so that what is repeated is known. */
function derivedId(prefix: string, from: string): string {
  return prefix + createHash("sha256").update(from).digest("hex").slice(0, 24);
}

/** Stripe states a reference as an id, or expanded as the object itself. */
function idOf(reference: unknown): string | undefined {
  const id = typeof reference === "string" ? reference : (reference as { id?: unknown } | null | undefined)?.id;
  return typeof id === "string" ? id : undefined;
}
