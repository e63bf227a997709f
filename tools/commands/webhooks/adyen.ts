import type { PaymentEventType } from "../../../config/events.ts";
import { field } from "../../../lambdas/shared/domain/exact-json.ts";
import { adyenExponents } from "../../../lambdas/shared/providers/adyen/capabilities.ts";
import { usage } from "../result.ts";
import { ownUnits } from "./own-units.ts";
import type { WebhookBuilder, WebhookOrder } from "./types.ts";

/** Adyen's code of each type of item, and whether it is of a payment that was made before. */
const codes: Readonly<Record<Exclude<PaymentEventType, "account.updated">, readonly [string, isLater: boolean]>> = {
  "payment.succeeded": ["AUTHORISATION", false],
  "payment.failed": ["AUTHORISATION", false],
  "refund.created": ["REFUND", true],
  "dispute.opened": ["CHARGEBACK", true],
  "dispute.closed": ["CHARGEBACK_REVERSED", true],
  "payout.paid": ["PAYOUT_THIRDPARTY", false],
  "payout.failed": ["PAYOUT_THIRDPARTY", false],
  other: ["REPORT_AVAILABLE", false],
};

/** A standard webhook with one item, or one of a platform. Source: https://docs.adyen.com/development-resources/webhooks/webhook-types */
export const adyenWebhook: WebhookBuilder = {
  types: [...(Object.keys(codes) as PaymentEventType[]), "account.updated"],
  build(order, settings) {
    const { type, money, token, eventId } = order;
    const deliveryId = eventId ?? token;
    if (type === "account.updated") {
      return {
        kind: "webhook",
        body: accountHolder(order),
        deliveryId,
        topic: "balancePlatform.accountHolder.updated",
      };
    }
    const value = money === undefined ? 0 : ownUnits(money, adyenExponents);
    if (value === undefined) return usage(`Adyen has no units below 1 ${money?.currency}: give a whole --amount.`);
    const isCapture = type === "payment.succeeded" && field(settings, "capture") === "manual";
    const [code, isLater] = isCapture ? (["CAPTURE", true] as const) : codes[type];
    const item = itemOf(order, { code, isLater, value });
    const body = { live: "true", notificationItems: [{ NotificationRequestItem: item }] };
    return { kind: "webhook", body, deliveryId, topic: code };
  },
};

/** Of a payment, its reference is the transaction; what comes later names that one, and has a reference of its own. */
function itemOf(
  order: WebhookOrder,
  { code, isLater, value }: { readonly code: string; readonly isLater: boolean; readonly value: number },
): Readonly<Record<string, unknown>> {
  const { type, money, token, eventId, transactionId, occurredAtMs } = order;
  const paymentId = transactionId ?? token.slice(0, 16).toUpperCase();
  const ownId = eventId ?? (isLater ? token.slice(8).toUpperCase() : paymentId);
  return {
    additionalData: additionalDataOf(order),
    amount: { currency: money?.currency ?? "EUR", value },
    eventCode: code,
    eventDate: new Date(occurredAtMs).toISOString().replace(".000Z", "+00:00"),
    merchantAccountCode: "ExampleECOM",
    merchantReference: `order-${token.slice(0, 8)}`,
    ...(isLater ? { originalReference: paymentId } : {}),
    paymentMethod: "visa",
    pspReference: isLater ? ownId : (transactionId ?? ownId),
    reason: "",
    success: String(!type.endsWith(".failed")),
  };
}

function additionalDataOf({ cardFingerprint, cardCountry, customerCountry, customerId, riskScore }: WebhookOrder) {
  // What isn't given is undefined here and absent in the JSON.
  return {
    alias: cardFingerprint,
    issuerCountry: cardCountry,
    shopperCountry: customerCountry,
    shopperReference: customerId,
    totalFraudScore: riskScore === undefined ? undefined : String(riskScore),
  };
}

function accountHolder({ token, transactionId, occurredAtMs }: WebhookOrder): Readonly<Record<string, unknown>> {
  return {
    type: "balancePlatform.accountHolder.updated",
    environment: "live",
    timestamp: new Date(occurredAtMs).toISOString(),
    data: { balancePlatform: "Example", accountHolder: { id: transactionId ?? `AH${token}`, status: "active" } },
  };
}
