import type { PaymentEventType } from "../../../config/events.ts";
import { usage } from "../result.ts";
import type { WebhookBuilder, WebhookOrder } from "./types.ts";

type PaddleEntity = Readonly<Record<string, unknown>>;
interface Facts {
  readonly transactionId: string;
  /** What stands behind the prefix of ids: 26 letters and digits, as Paddle's have. */
  readonly ownId: string;
  /** Digits, as Paddle states all amounts. */
  readonly amount: string;
  readonly currency: string;
  readonly customerId: string;
  readonly time: string;
}

/** Paddle's word of each type, and the entity. Source: https://developer.paddle.com/webhooks/overview */
const words: ReadonlyMap<PaymentEventType, readonly [string, (facts: Facts) => PaddleEntity]> = new Map([
  ["payment.succeeded", ["transaction.completed", (facts: Facts) => transaction(facts, "completed")]],
  ["payment.failed", ["transaction.payment_failed", (facts: Facts) => transaction(facts, "past_due")]],
  ["refund.created", ["adjustment.updated", (facts: Facts) => adjustment(facts, "refund")]],
  ["dispute.opened", ["adjustment.created", (facts: Facts) => adjustment(facts, "chargeback")]],
  ["dispute.closed", ["adjustment.created", (facts: Facts) => adjustment(facts, "chargeback_reverse")]],
  ["payout.paid", ["payout.paid", payout]],
  [
    "other",
    ["customer.created", ({ customerId, time }: Facts) => ({ id: customerId, status: "active", created_at: time })],
  ],
]);

/** Paddle's event. Source: https://developer.paddle.com/webhooks/overview */
export const paddleWebhook: WebhookBuilder = {
  types: [...words.keys()],
  build(order) {
    const found = words.get(order.type);
    if (found === undefined) return usage(`Paddle tells nothing of ${order.type}.`);
    const [word, entityOf] = found;
    const facts = factsOf(order);
    const eventId = order.eventId ?? `evt_${facts.ownId}`;
    const body = {
      event_id: eventId,
      event_type: word,
      occurred_at: facts.time,
      notification_id: `ntf_${facts.ownId}`,
      data: entityOf(facts),
    };
    return { kind: "webhook", body, deliveryId: eventId, topic: word };
  },
};

function factsOf({ token, money, transactionId, customerId, occurredAtMs }: WebhookOrder): Facts {
  const ownId = `01${token}`;
  return {
    transactionId: transactionId ?? `txn_${ownId}`,
    ownId,
    amount: money?.amountMinor ?? "0",
    currency: money?.currency ?? "USD",
    customerId: customerId ?? `ctm_${ownId}`,
    time: new Date(occurredAtMs).toISOString(),
  };
}

function transaction(
  { transactionId, ownId, amount, currency, customerId, time }: Facts,
  status: string,
): PaddleEntity {
  const isPaid = status === "completed";
  const outcome = isPaid ? { status: "captured", captured_at: time } : { status: "error", error_code: "declined" };
  return {
    ...{ id: transactionId, status, customer_id: customerId, currency_code: currency, collection_mode: "automatic" },
    details: {
      totals: { total: amount, grand_total: amount, balance: isPaid ? "0" : amount, currency_code: currency },
    },
    payments: [{ payment_attempt_id: ownId, amount, created_at: time, ...outcome }],
    ...{ created_at: time, updated_at: time },
  };
}

function adjustment({ transactionId, ownId, amount, currency, customerId, time }: Facts, action: string): PaddleEntity {
  return {
    ...{ id: `adj_${ownId}`, action, type: "partial", status: "approved", reason: "requested by the buyer" },
    ...{ transaction_id: transactionId, customer_id: customerId, currency_code: currency },
    totals: { total: amount, currency_code: currency },
    ...{ created_at: time, updated_at: time },
  };
}

function payout({ transactionId, ownId, amount, currency }: Facts): PaddleEntity {
  const id = transactionId.startsWith("txn_") ? `pay_${ownId}` : transactionId;
  return { id, status: "paid", amount, currency_code: currency, remittance_reference: ownId };
}
