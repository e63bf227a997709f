/** Refunds that come back: the customer's bank can't take them. Source: https://docs.stripe.com/refunds#failed-refunds */
import type Stripe from "stripe";
import { book } from "./balance.ts";
import { type Books, byItself } from "./books.ts";
import { invalid } from "./errors.ts";

/** Why a bank gives a refund back. Source: https://docs.stripe.com/api/refunds/object#refund_object-failure_reason */
const failureReasons = [
  "charge_for_pending_refund_disputed",
  "declined",
  "expired_or_canceled_card",
  "insufficient_funds",
  "lost_or_stolen_card",
  "merchant_request",
  "unknown",
] as const;

/**
 * Fails a refund, though it succeeded at first, as at Stripe: the money is back in the balance, and may be refunded again.
 * @throws StripeRefusal for a refund that there isn't, or that failed already
 * @throws Error for a reason that Stripe doesn't give
 */
export function failRefund(books: Books, id: string, reason: string): Stripe.Refund {
  if (!failureReasons.some((one) => one === reason)) {
    throw new Error(`failure_reason: choose one of ${failureReasons.join(", ")}.`);
  }
  const refund = books.require("refund", id);
  if (refund.status === "failed") throw invalid(`Refund ${id} is failed already.`);
  const failed: Stripe.Refund = {
    ...refund,
    status: "failed",
    failure_balance_transaction: bookFailure(books, refund),
    failure_reason: reason,
  };
  books.put("refund", failed);
  takeBack(books, failed);
  const before = { status: refund.status };
  // Three names for one thing: the first is of the time when refunds were told of by their charges alone.
  for (const type of ["charge.refund.updated", "refund.updated", "refund.failed"]) {
    books.emit(type, failed, byItself, before);
  }
  return failed;
}

/** Books that the refund's money is back in the balance, and gives the transaction's id. */
export function bookFailure(books: Books, { id, amount, currency }: Stripe.Refund): string {
  const transaction = book(books, {
    type: "refund_failure",
    category: "refund_failure",
    amount,
    currency,
    source: id,
    isAvailableAtOnce: true,
    description: "REFUND FAILURE",
  });
  return transaction.id;
}

/** Fails the refund if it hasn't yet: that of a card which takes none. */
export function failByItself(books: Books, id: string): void {
  const refund = books.get("refund", id);
  if (refund !== undefined && refund.status !== "failed") failRefund(books, id, "expired_or_canceled_card");
}

/** What the charge has given back is less again. */
function takeBack(books: Books, { charge: id, amount }: Stripe.Refund): void {
  // That of a payment before an import isn't known.
  const charge = typeof id === "string" ? books.get("charge", id) : undefined;
  if (charge === undefined) return;
  books.put("charge", { ...charge, amount_refunded: charge.amount_refunded - amount, refunded: false });
}
