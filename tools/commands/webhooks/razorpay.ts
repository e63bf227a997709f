import type { PaymentEventType } from "../../../config/events.ts";
import type { WebhookBuilder, WebhookOrder } from "./types.ts";

type Entity = Readonly<Record<string, unknown>>;
type Payload = Readonly<Record<string, { readonly entity: Entity }>>;
interface Facts {
  readonly paymentId: string;
  readonly payoutId: string;
  /** 14 letters and digits, as Razorpay's ids have behind their prefix. */
  readonly ownId: string;
  readonly money: { readonly amount: number; readonly currency: string };
  readonly customerId: string | undefined;
  /** Seconds since 1970. */
  readonly time: number;
}

/** Razorpay's name of each type, and the entities that it comes with. Source: https://razorpay.com/docs/webhooks/payloads/ */
const words: Readonly<Record<PaymentEventType, readonly [string, (facts: Facts) => Payload]>> = {
  "payment.succeeded": ["payment.captured", (facts) => ({ payment: payment(facts, "captured") })],
  "payment.failed": ["payment.failed", (facts) => ({ payment: payment(facts, "failed") })],
  "refund.created": ["refund.processed", (facts) => ({ refund: refund(facts), payment: payment(facts, "refunded") })],
  "dispute.opened": ["payment.dispute.created", (facts) => disputed(facts, "open")],
  "dispute.closed": ["payment.dispute.lost", (facts) => disputed(facts, "lost")],
  "payout.paid": ["payout.processed", (facts) => ({ payout: payout(facts, "processed") })],
  "payout.failed": ["payout.reversed", (facts) => ({ payout: payout(facts, "reversed") })],
  "account.updated": [
    "account.activated",
    ({ ownId }) => ({ account: { entity: { id: ownId, entity: "merchant", activated: true } } }),
  ],
  other: [
    "invoice.expired",
    ({ ownId }) => ({ invoice: { entity: { id: `inv_${ownId}`, entity: "invoice", status: "expired" } } }),
  ],
};

/** Razorpay's event; its id travels in a header. Source: https://razorpay.com/docs/webhooks/payloads/ */
export const razorpayWebhook: WebhookBuilder = {
  types: Object.keys(words) as PaymentEventType[],
  build(order) {
    const [name, payloadOf] = words[order.type];
    const facts = factsOf(order);
    const payload = payloadOf(facts);
    const body = {
      entity: "event",
      account_id: `acc_${facts.ownId}`,
      event: name,
      contains: Object.keys(payload),
      payload,
      created_at: facts.time,
    };
    return { kind: "webhook", body, deliveryId: order.eventId ?? facts.ownId, topic: name };
  },
};

function factsOf({ token, money, transactionId, customerId, occurredAtMs }: WebhookOrder): Facts {
  return {
    paymentId: transactionId ?? `pay_${token.slice(0, 14)}`,
    payoutId: transactionId ?? `pout_${token.slice(0, 14)}`,
    ownId: token.slice(-14),
    money: { amount: Number(money?.amountMinor ?? 0), currency: money?.currency ?? "INR" },
    customerId,
    time: Math.floor(occurredAtMs / 1000),
  };
}

function payment({ paymentId, money, customerId, time }: Facts, status: string): Payload[string] {
  const about = { entity: "payment", method: "card", captured: status !== "failed", created_at: time };
  return { entity: { id: paymentId, status, ...money, ...about, ...(customerId && { customer_id: customerId }) } };
}

function refund({ paymentId, ownId, money, time }: Facts): Payload[string] {
  const about = { entity: "refund", payment_id: paymentId, status: "processed", created_at: time };
  return { entity: { id: `rfnd_${ownId}`, ...money, ...about } };
}

function disputed(facts: Facts, status: string): Payload {
  const { paymentId, ownId, money, time } = facts;
  const about = { entity: "dispute", payment_id: paymentId, phase: "chargeback", status, created_at: time };
  const amount_deducted = status === "lost" ? money.amount : 0;
  return {
    payment: payment(facts, "captured"),
    dispute: { entity: { id: `disp_${ownId}`, ...money, amount_deducted, ...about } },
  };
}

function payout({ payoutId, money, time }: Facts, status: string): Payload[string] {
  return { entity: { id: payoutId, entity: "payout", ...money, status, mode: "IMPS", created_at: time } };
}
