/** Events and messages for tests: valid ones, of which a test says what matters to it. */
import type { PaymentEvent, WebhookMessage } from "../../config/events.ts";
import type { Delivery } from "../../lambdas/shared/domain/outcomes.ts";

export function aPaymentEvent(overrides: Partial<PaymentEvent> = {}): PaymentEvent {
  return {
    eventId: "stripe:evt_1",
    transactionId: "stripe:pi_1",
    provider: "stripe",
    type: "payment.succeeded",
    providerType: "payment_intent.succeeded",
    amountMinor: "12345",
    currency: "USD",
    routingAmountUsd: 123.45,
    fxDate: "2026-11-20",
    signals: {},
    occurredAt: "2026-11-20T10:00:00.000Z",
    receivedAt: "2026-11-20T10:00:01.250Z",
    correlationId: "correlation-1",
    ...overrides,
  };
}

/** The event as it is when nothing of an amount is known: unroutable, or unrouted by its type. */
export function withoutAmount(event: PaymentEvent): PaymentEvent {
  const { amountMinor: _, currency: __, routingAmountUsd: ___, fxDate: ____, ...rest } = event;
  return rest;
}

export function aWebhookMessage(
  event: Partial<PaymentEvent> = {},
  overrides: Partial<WebhookMessage> = {},
): WebhookMessage {
  return {
    version: 1,
    source: "webhook",
    event: aPaymentEvent(event),
    raw: {
      headers: { "stripe-signature": "t=1,v1=aa" },
      sizeBytes: 2,
      sha256: "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
      body: { kind: "inline", encoding: "identity", base64: Buffer.from("{}").toString("base64") },
    },
    ...overrides,
  };
}

export function aDelivery<TMessage>(message: TMessage, messageId = "message-1"): Delivery<TMessage> {
  return { messageId, message };
}
