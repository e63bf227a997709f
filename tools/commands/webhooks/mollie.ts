import type { PaymentEventType } from "../../../config/events.ts";
import { majorUnits } from "../../../lambdas/shared/report/amount.ts";
import type { WebhookBuilder, WebhookOrder } from "./types.ts";

type Entity = Readonly<Record<string, unknown>>;
interface Facts {
  readonly order: WebhookOrder;
  readonly paymentId: string;
  readonly amount: { readonly currency: string; readonly value: string };
  readonly time: string;
}

/** Mollie's type of each of ours, and the entity. Source: https://docs.mollie.com/reference/webhooks-new */
const words: Readonly<Record<PaymentEventType, readonly [string, (facts: Facts) => Entity]>> = {
  "payment.succeeded": ["payment.paid", (facts) => payment(facts, "paid")],
  "payment.failed": ["payment.failed", (facts) => payment(facts, "failed")],
  "refund.created": ["refund.refunded", (facts) => ofPayment(facts, "refund", "re_", { status: "refunded" })],
  "dispute.opened": ["chargeback.received", (facts) => ofPayment(facts, "chargeback", "chb_", { reversedAt: null })],
  "dispute.closed": [
    "chargeback.reversed",
    (facts) => ofPayment(facts, "chargeback", "chb_", { reversedAt: facts.time }),
  ],
  "payout.paid": ["payout.completed", (facts) => payout(facts, "completed")],
  "payout.failed": ["payout.failed", (facts) => payout(facts, "failed")],
  "account.updated": [
    "profile.verified",
    ({ order, time }) => ({
      resource: "profile",
      id: `pfl_${order.token.slice(0, 10)}`,
      mode: "test",
      createdAt: time,
    }),
  ],
  other: ["payment.expired", (facts) => payment(facts, "expired")],
};

/** An event of the next generation, with its entity. Classic webhooks only say an id: Mollie's stand-in sends them. */
export const mollieWebhook: WebhookBuilder = {
  types: Object.keys(words) as PaymentEventType[],
  build(order) {
    const [type, entityOf] = words[order.type];
    const { money, token } = order;
    const time = new Date(order.occurredAtMs).toISOString();
    const entity = entityOf({
      order,
      paymentId: order.transactionId ?? `tr_${token.slice(0, 22)}`,
      amount: {
        currency: money?.currency ?? "EUR",
        value: (money && majorUnits(money.amountMinor, money.currency)) ?? "0.00",
      },
      time,
    });
    const eventId = order.eventId ?? `event_${token.slice(0, 21)}`;
    const body = {
      resource: "event",
      id: eventId,
      type,
      entityId: entity.id,
      createdAt: time,
      _embedded: { entity },
      _links: { self: { href: `https://api.mollie.com/v2/events/${eventId}`, type: "application/hal+json" } },
    };
    return { kind: "webhook", body, deliveryId: eventId, topic: type };
  },
};

function payment({ order, paymentId, amount, time }: Facts, status: string): Entity {
  const { cardFingerprint, cardCountry, customerCountry, customerId } = order;
  return {
    resource: "payment",
    id: paymentId,
    mode: "test",
    status,
    amount,
    method: "creditcard",
    sequenceType: "oneoff",
    ...(customerId !== undefined && { customerId }),
    ...(customerCountry !== undefined && { countryCode: customerCountry }),
    details: {
      cardFingerprint: cardFingerprint ?? order.token.slice(0, 16),
      ...(cardCountry !== undefined && { cardCountryCode: cardCountry }),
    },
    createdAt: time,
    [`${status}At`]: time,
  };
}

function ofPayment({ order, paymentId, amount, time }: Facts, resource: string, prefix: string, more: Entity): Entity {
  return { resource, id: prefix + order.token.slice(0, 10), paymentId, amount, createdAt: time, ...more };
}

function payout({ order, amount, time }: Facts, status: string): Entity {
  const id = order.transactionId ?? `payout_${order.token.slice(0, 21)}`;
  return { resource: "payout", id, mode: "test", amount, status, createdAt: time };
}
