import type { PaymentEventType } from "../../../config/events.ts";
import type { WebhookBuilder, WebhookOrder } from "./types.ts";

type SquareObject = Readonly<Record<string, unknown>>;
interface Facts {
  readonly paymentId: string;
  readonly ownId: string;
  readonly money: { readonly amount: number; readonly currency: string };
  readonly customerId: string | undefined;
  readonly cardFingerprint: string | undefined;
  readonly customerCountry: string | undefined;
  readonly time: string;
}

/** What of an event depends on its type: Square's word, the type and id of what it is about, and the object itself. */
interface Told {
  readonly word: string;
  readonly about: string;
  readonly id: string;
  readonly object: SquareObject;
}

/** Square's word for each type, and the object that it is about. Source: https://developer.squareup.com/reference/square/webhooks */
const tell: Readonly<Record<PaymentEventType, (facts: Facts) => Told>> = {
  "payment.succeeded": (facts) => payment(facts, "COMPLETED"),
  "payment.failed": (facts) => payment(facts, "FAILED"),
  "refund.created": refund,
  "dispute.opened": (facts) => dispute(facts, "dispute.created", "EVIDENCE_REQUIRED"),
  "dispute.closed": (facts) => dispute(facts, "dispute.state.updated", "LOST"),
  "payout.paid": (facts) => payout(facts, "payout.paid", "PAID"),
  "payout.failed": (facts) => payout(facts, "payout.failed", "FAILED"),
  "account.updated": ({ ownId }) => ({
    ...{ word: "bank_account.verified", about: "bank_account", id: ownId },
    object: { id: ownId, status: "VERIFIED", country: "US", currency: "USD", creditable: true },
  }),
  other: ({ ownId, time }) => ({
    ...{ word: "customer.created", about: "customer", id: ownId },
    object: { id: ownId, created_at: time, updated_at: time, version: 0 },
  }),
};

/** Square's event. Source: https://developer.squareup.com/docs/webhooks/overview */
export const squareWebhook: WebhookBuilder = {
  types: Object.keys(tell) as PaymentEventType[],
  build(order) {
    const facts = factsOf(order);
    const { word, about, id, object } = tell[order.type](facts);
    const eventId = order.eventId ?? order.token;
    const body = {
      merchant_id: "ML82H4QPKMGXY",
      type: word,
      event_id: eventId,
      created_at: facts.time,
      data: { type: about, id, object: { [about]: object } },
    };
    return { kind: "webhook", body, deliveryId: eventId, topic: word };
  },
};

function factsOf({ token, money, occurredAtMs, ...order }: WebhookOrder): Facts {
  return {
    paymentId: order.transactionId ?? token,
    ownId: token.toUpperCase(),
    money: { amount: Number(money?.amountMinor ?? 0), currency: money?.currency ?? "USD" },
    customerId: order.customerId,
    cardFingerprint: order.cardFingerprint,
    customerCountry: order.customerCountry,
    time: new Date(occurredAtMs).toISOString(),
  };
}

function payment({ paymentId, money, time, ...facts }: Facts, status: string): Told {
  const card = { card_brand: "VISA", fingerprint: facts.cardFingerprint ?? `sq-1-${facts.ownId}` };
  const object = {
    ...{ id: paymentId, status, source_type: "CARD", created_at: time, updated_at: time },
    ...{ amount_money: money, total_money: money, approved_money: money },
    card_details: { status: status === "COMPLETED" ? "CAPTURED" : "FAILED", card },
    ...(facts.customerId === undefined ? {} : { customer_id: facts.customerId }),
    ...(facts.customerCountry === undefined ? {} : { billing_address: { country: facts.customerCountry } }),
  };
  return { word: "payment.updated", about: "payment", id: paymentId, object };
}

function refund({ paymentId, ownId, money, time }: Facts): Told {
  const id = `${paymentId}_${ownId}`;
  const times = { created_at: time, updated_at: time };
  const object = { id, payment_id: paymentId, status: "COMPLETED", amount_money: money, ...times };
  return { word: "refund.updated", about: "refund", id, object };
}

function dispute({ paymentId, ownId, money, time }: Facts, word: string, state: string): Told {
  const object = {
    ...{ id: ownId, dispute_id: ownId, state, reason: "NO_KNOWLEDGE", card_brand: "VISA" },
    ...{ amount_money: money, disputed_payment: { payment_id: paymentId } },
    ...{ created_at: time, updated_at: time, version: state === "LOST" ? 2 : 1 },
  };
  return { word, about: "dispute", id: ownId, object };
}

function payout({ paymentId, money, time }: Facts, word: string, status: string): Told {
  const id = paymentId;
  const destination = { type: "BANK_ACCOUNT", id: "ccof:bank" };
  const times = { created_at: time, updated_at: time };
  return { word, about: "payout", id, object: { id, status, amount_money: money, destination, version: 1, ...times } };
}
