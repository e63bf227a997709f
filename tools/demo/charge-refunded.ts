/**
 * A refund as Stripe told it before API version 2024-10-28: by the charge, with the sum of its refunds before and after.
 * Two equal refunds are two events about one object then, and alike but for the sum.
 */
import type { WebhookOrder } from "../commands/webhooks/types.ts";

/** The webhook that tells of `order.money` refunded. Source: https://docs.stripe.com/api/events/types#event_types-charge.refunded */
export function chargeRefunded(
  { token, eventId, transactionId, money, occurredAtMs }: WebhookOrder,
  beforeMinor: string,
) {
  const refundedBefore = Number(beforeMinor);
  const deliveryId = eventId ?? `evt_${token}`;
  const body = {
    id: deliveryId,
    object: "event",
    api_version: "2024-06-20",
    created: Math.floor(occurredAtMs / 1_000),
    type: "charge.refunded",
    livemode: true,
    data: {
      object: {
        id: `ch_of_${transactionId}`,
        object: "charge",
        payment_intent: transactionId,
        currency: money?.currency.toLowerCase(),
        amount_refunded: refundedBefore + Number(money?.amountMinor),
        refunded: false,
      },
      previous_attributes: { amount_refunded: refundedBefore },
    },
  };
  return { kind: "webhook", body, deliveryId, topic: "charge.refunded" } as const;
}
