import type { PaymentEventType } from "../../../config/events.ts";
import { usage } from "../result.ts";
import type { WebhookBuilder, WebhookOrder } from "./types.ts";

/** Resource type and action of each type. Source: https://developer.gocardless.com/api-reference/#events-event-actions */
const words: Readonly<Record<PaymentEventType, readonly [resource: string, action: string]>> = {
  "payment.succeeded": ["payments", "confirmed"],
  "payment.failed": ["payments", "failed"],
  "refund.created": ["refunds", "created"],
  "dispute.opened": ["payments", "charged_back"],
  "dispute.closed": ["payments", "chargeback_cancelled"],
  "payout.paid": ["payouts", "paid"],
  "payout.failed": ["outbound_payments", "failed"],
  "account.updated": ["creditors", "updated"],
  other: ["mandates", "created"],
};

/** What GoCardless's ids begin with, by resource type. */
const prefixes: Readonly<Record<string, string>> = {
  payments: "PM",
  refunds: "RF",
  payouts: "PO",
  outbound_payments: "OUT",
  creditors: "CR",
  mandates: "MD",
};

/** A webhook of one event. It can't say an amount: the ids do, for the local stand-in of GoCardless's API to tell. */
export const gocardlessWebhook: WebhookBuilder = {
  types: Object.keys(words) as PaymentEventType[],
  build(order) {
    const [resource, action] = words[order.type];
    const resourceId = idOf(resource, order);
    if (resourceId === undefined) {
      return usage(
        "GoCardless's events say no amounts: give a --transaction whose id ends in it (PM7-1234-EUR), or none.",
      );
    }
    const eventId = order.eventId ?? `EV${order.token.toUpperCase()}`;
    const event = {
      id: eventId,
      created_at: new Date(order.occurredAtMs).toISOString(),
      resource_type: resource,
      action,
      links: { [resource.replace(/s$/, "")]: resourceId },
      details: { origin: "gocardless", cause: `${resource}_${action}`, description: "Sent by the command line." },
      metadata: {},
      resource_metadata: {},
    };
    const body = { events: [event], meta: { webhook_id: `WB${order.token.toUpperCase()}` } };
    return { kind: "webhook", body, deliveryId: eventId, topic: `${resource}.${action}` };
  },
};

/** A refund's id says its payment's besides. Undefined for a given one that can't be of the amount. */
function idOf(resource: string, { token, money, transactionId }: WebhookOrder): string | undefined {
  const own = `${prefixes[resource]}${token.slice(0, 16).toUpperCase()}`;
  if (money === undefined) return transactionId ?? own;
  const amount = `-${money.amountMinor}-${money.currency}`;
  if (transactionId === undefined) return own + amount;
  if (resource === "refunds") return `${own}${amount}-${transactionId}`;
  return transactionId.endsWith(amount) ? transactionId : undefined;
}
