import { paymentEventTypes } from "../../../config/events.ts";
import { field } from "../../../lambdas/shared/domain/exact-json.ts";
import { majorUnits } from "../../../lambdas/shared/report/amount.ts";
import type { WebhookBuilder, WebhookOrder } from "./types.ts";

/** The specification's payload, with our names in `data`. Source: https://www.standardwebhooks.com */
export const standardWebhook: WebhookBuilder = {
  types: paymentEventTypes,
  build(order, settings) {
    const { type, token, eventId, transactionId, customerId, riskScore, cardCountry, customerCountry } = order;
    // What isn't given is undefined here and absent in the JSON.
    const data = {
      payment_id: transactionId ?? `pay_${token}`,
      ...moneyOf(order, settings),
      customer_id: customerId,
      risk_score: riskScore,
      card_fingerprint: order.cardFingerprint,
      card_country: cardCountry,
      customer_country: customerCountry,
    };
    const body = { type, timestamp: new Date(order.occurredAtMs).toISOString(), data };
    return { kind: "webhook", body, deliveryId: eventId ?? `msg_${token}`, topic: type };
  },
};

/** The specification leaves the unit open; the receiver's settings say which one was agreed. */
function moneyOf({ money }: WebhookOrder, settings: unknown): Readonly<Record<string, unknown>> {
  if (money === undefined) return {};
  const { amountMinor, currency } = money;
  const isMajor = field(settings, "amountUnit") === "major";
  return { amount: isMajor ? majorUnits(amountMinor, currency) : Number(amountMinor), currency };
}
