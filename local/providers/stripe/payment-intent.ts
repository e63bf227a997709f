/** What a payment intent is, before anything happens to it. */
import type Stripe from "stripe";
import type { Books } from "./books.ts";
import { StripeRefusal } from "./errors.ts";
import { newId } from "./ids.ts";
import { testCardNamed } from "./test-cards.ts";

/** An intent with nothing decided. */
export function intentOf(
  books: Books,
  { id, amount, currency }: { readonly id: string; readonly amount: number; readonly currency: string },
): Stripe.PaymentIntent {
  return {
    id,
    object: "payment_intent",
    allowed_payment_method_types: null,
    amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: "automatic_async",
    client_secret: `${id}_secret_${newId("")}`,
    confirmation_method: "automatic",
    created: books.now(),
    currency,
    customer: null,
    customer_account: null,
    description: null,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: {},
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: ["card"],
    payment_record: null,
    processing: null,
    receipt_email: null,
    review: null,
    setup_future_usage: null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: "requires_payment_method",
    transfer_data: null,
    transfer_group: null,
  };
}

/** A test card becomes a payment method of its own, as at Stripe; a payment method that exists stays itself. */
export function attach(books: Books, intent: Stripe.PaymentIntent, given: string): Stripe.PaymentIntent {
  const known = books.get("payment_method", given);
  const method = known ?? {
    id: books.newId("payment_method"),
    object: "payment_method" as const,
    created: books.now(),
    card: testCardNamed(given, "payment_method"),
  };
  if (known === undefined) books.put("payment_method", method);
  return { ...intent, payment_method: method.id, status: "requires_confirmation" };
}

/** A refusal because of how far the intent is. */
export function unexpectedState(intent: Stripe.PaymentIntent, beginning: string): StripeRefusal {
  return new StripeRefusal(400, {
    type: "invalid_request_error",
    code: "payment_intent_unexpected_state",
    message: `${beginning} it has a status of ${intent.status}.`,
    payment_intent: intent,
  });
}
