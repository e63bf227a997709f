import { paymentEventTypes } from "../../../config/events.ts";
import { majorUnits } from "../../../lambdas/shared/report/amount.ts";
import type { WebhookBuilder } from "./types.ts";

/** The plain transaction notification, its amount in major units as decimal text. */
export const hmacWebhook: WebhookBuilder = {
  types: paymentEventTypes,
  build({ type, token, money, eventId, transactionId, customerId, occurredAtMs }) {
    const body = {
      transaction_id: transactionId ?? `txn_${token}`,
      type,
      ...(money && { amount: majorUnits(money.amountMinor, money.currency), currency: money.currency }),
      provider: "example",
      customer_id: customerId,
      occurred_at: new Date(occurredAtMs).toISOString(),
      metadata: {},
    };
    return { kind: "webhook", body, deliveryId: eventId ?? `ntf_${token}`, topic: type };
  },
};
