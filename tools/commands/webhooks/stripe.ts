import type { PaymentEventType } from "../../../config/events.ts";
import { stripeExponents } from "../../../lambdas/shared/providers/stripe/capabilities.ts";
import { usage } from "../result.ts";
import { ownUnits } from "./own-units.ts";
import type { WebhookBuilder, WebhookOrder } from "./types.ts";

type StripeObject = Readonly<Record<string, unknown>>;

/** Stripe's word for each type, and the object that it is about. Source: https://docs.stripe.com/api/events/types */
const words: Readonly<Record<PaymentEventType, readonly [string, (order: WebhookOrder) => StripeObject]>> = {
  "payment.succeeded": ["payment_intent.succeeded", (order) => paymentIntent(order, "succeeded")],
  "payment.failed": ["payment_intent.payment_failed", (order) => paymentIntent(order, "requires_payment_method")],
  "refund.created": ["refund.created", (order) => ofPayment(order, "re_", "refund", { status: "succeeded" })],
  "dispute.opened": ["charge.dispute.created", (order) => dispute(order, "needs_response")],
  "dispute.closed": ["charge.dispute.closed", (order) => dispute(order, "lost")],
  "payout.paid": ["payout.paid", (order) => payout(order, "paid")],
  "payout.failed": ["payout.failed", (order) => payout(order, "failed")],
  "account.updated": [
    "account.updated",
    ({ token }) => ({ id: `acct_${token}`, object: "account", charges_enabled: true }),
  ],
  other: ["customer.created", ({ token }) => ({ id: `cus_${token}`, object: "customer", livemode: false })],
};

/** Stripe's Event object. Source: https://docs.stripe.com/api/events/object */
export const stripeWebhook: WebhookBuilder = {
  types: Object.keys(words) as PaymentEventType[],
  build(order) {
    const [word, objectOf] = words[order.type];
    const money = order.money === undefined ? {} : stripeMoney(order.money);
    if (money === undefined)
      return usage(`Stripe has no units below 1 ${order.money?.currency}: give a whole --amount.`);
    const eventId = order.eventId ?? `evt_${order.token}`;
    const body = {
      id: eventId,
      object: "event",
      api_version: "2026-01-28.clover",
      created: Math.floor(order.occurredAtMs / 1000),
      type: word,
      // As a live one, which every environment routes.
      livemode: true,
      pending_webhooks: 1,
      request: { id: null, idempotency_key: null },
      data: { object: { ...objectOf(order), ...money } },
    };
    return { kind: "webhook", body, deliveryId: eventId, topic: word };
  },
};

/** Undefined for an amount that Stripe's units can't say. */
function stripeMoney(money: NonNullable<WebhookOrder["money"]>): StripeObject | undefined {
  const amount = ownUnits(money, stripeExponents);
  return amount === undefined ? undefined : { amount, currency: money.currency.toLowerCase() };
}

function paymentIntent(order: WebhookOrder, status: string): StripeObject {
  const chargeId = `ch_${order.token}`;
  const { riskScore, cardFingerprint, cardCountry, customerCountry, customerId } = order;
  const isSignalled = [riskScore, cardFingerprint, cardCountry, customerCountry].some((signal) => signal !== undefined);
  return {
    id: order.transactionId ?? `pi_${order.token}`,
    object: "payment_intent",
    capture_method: "automatic",
    customer: customerId ?? null,
    livemode: false,
    payment_method_types: ["card"],
    status,
    // Stripe states the charge's id, or the charge itself where the endpoint's settings expand it.
    latest_charge: isSignalled ? { id: chargeId, object: "charge", ...signals(order) } : chargeId,
  };
}

function signals({ riskScore, cardFingerprint, cardCountry, customerCountry, token }: WebhookOrder): StripeObject {
  return {
    billing_details: { address: { country: customerCountry ?? null } },
    outcome: { network_status: "approved_by_network", type: "authorized", risk_score: riskScore ?? null },
    payment_method_details: {
      type: "card",
      card: {
        brand: "visa",
        country: cardCountry ?? null,
        fingerprint: cardFingerprint ?? token.slice(0, 16),
        funding: "credit",
      },
    },
  };
}

function dispute(order: WebhookOrder, status: string): StripeObject {
  return ofPayment(order, "dp_", "dispute", { reason: "fraudulent", status });
}

/** An object that names the payment that it belongs to. */
function ofPayment(order: WebhookOrder, prefix: string, object: string, fields: StripeObject): StripeObject {
  const paymentIntentId = order.transactionId ?? `pi_${order.token}`;
  return { id: prefix + order.token, object, charge: `ch_${order.token}`, payment_intent: paymentIntentId, ...fields };
}

function payout({ token, transactionId, occurredAtMs }: WebhookOrder, status: string): StripeObject {
  const arrival = Math.floor(occurredAtMs / 1000);
  return { id: transactionId ?? `po_${token}`, object: "payout", arrival_date: arrival, method: "standard", status };
}
