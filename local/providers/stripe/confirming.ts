/** Confirming a payment intent: its card is charged, asks for its customer, or declines. */
import type Stripe from "stripe";
import type { Books } from "./books.ts";
import type { Call } from "./call.ts";
import { afterPayment, chargeCard } from "./charging.ts";
import { StripeRefusal } from "./errors.ts";
import { testCard } from "./test-cards.ts";

/**
 * Charges the intent's card.
 * @throws StripeRefusal (402) when the card is declined; the intent waits for another one then
 */
export function confirmed({ books, asked }: Call, intent: Stripe.PaymentIntent): Stripe.PaymentIntent {
  const method = books.require("payment_method", String(intent.payment_method), "payment_method");
  if (testCard(method.card).needsAuthentication === true && intent.status !== "requires_action") {
    const next: Stripe.PaymentIntent = {
      ...intent,
      status: "requires_action",
      next_action: { type: "use_stripe_sdk", use_stripe_sdk: { type: "three_d_secure_redirect" } },
    };
    books.put("payment_intent", next);
    books.emit("payment_intent.requires_action", next, asked);
    return next;
  }
  const isManual = intent.capture_method === "manual";
  const charge = chargeCard(
    books,
    {
      amount: intent.amount,
      currency: intent.currency,
      card: method.card,
      paymentMethod: method.id,
      capture: !isManual,
      intent: intent.id,
      customer: typeof intent.customer === "string" ? intent.customer : null,
      description: intent.description,
      metadata: intent.metadata,
      receiptEmail: intent.receipt_email,
      statementDescriptor: intent.statement_descriptor,
      statementDescriptorSuffix: intent.statement_descriptor_suffix,
      transferGroup: intent.transfer_group,
    },
    asked,
  );
  if (charge.status === "failed") throw declined(books, intent, charge, asked);
  const paid: Stripe.PaymentIntent = {
    ...intent,
    latest_charge: charge.id,
    last_payment_error: null,
    next_action: null,
    ...(isManual
      ? { status: "requires_capture", amount_capturable: intent.amount }
      : { status: "succeeded", amount_received: intent.amount }),
  };
  books.put("payment_intent", paid);
  books.emit(isManual ? "payment_intent.amount_capturable_updated" : "payment_intent.succeeded", paid, asked);
  afterPayment(books, charge, method.card, asked);
  return paid;
}

function declined(
  books: Books,
  intent: Stripe.PaymentIntent,
  charge: Stripe.Charge,
  asked: Call["asked"],
): StripeRefusal {
  const error = {
    charge: charge.id,
    code: charge.failure_code as Stripe.PaymentIntent.LastPaymentError.Code,
    decline_code: declineCodeOf(charge),
    message: charge.failure_message ?? "",
    type: "card_error" as const,
  };
  const failed: Stripe.PaymentIntent = {
    ...intent,
    last_payment_error: error,
    latest_charge: charge.id,
    payment_method: null,
    status: "requires_payment_method",
  };
  books.put("payment_intent", failed);
  books.emit("payment_intent.payment_failed", failed, asked);
  return new StripeRefusal(402, { ...error, code: String(error.code), payment_intent: failed });
}

/** What the issuer said; `fraudulent` for what Stripe itself blocked. */
export function declineCodeOf({ outcome }: Stripe.Charge): string {
  return outcome?.type === "blocked" ? "fraudulent" : (outcome?.reason ?? "generic_decline");
}
