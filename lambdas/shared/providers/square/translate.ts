import { field, fieldAt } from "../../domain/exact-json.ts";
import { type EventContext, invalidItem, type Translation, toPaymentEvent } from "../../domain/payment-event.ts";
import { digestOf, idText, isJsonObject, msOfIso } from "../fields.ts";
import { versionOf } from "../money-fact.ts";
import type { VerifiedWebhook } from "../types.ts";
import { factOf } from "./facts.ts";

/**
 * Square's event: `{ merchant_id, type, event_id, created_at, data: { type, id, object: { <type>: {…} } } }`. The id
 * stays the same when it is sent again. Events about one payment (payment, refund, dispute) share it as transaction.
 * A test event of the dashboard's is an event like any other, and nothing signed tells it apart.
 * Source: https://developer.squareup.com/docs/webhooks/overview
 */
export function translateSquare({ body }: VerifiedWebhook, context: EventContext): readonly Translation[] {
  const squareType = field(body, "type");
  if (!isJsonObject(body) || typeof squareType !== "string") {
    return [invalidItem("not_a_square_event", "The body is not an event of Square's: it has no type.")];
  }
  const fact = factOf(squareType, body);
  const payment = fieldAt(body, "data", "object", "payment");
  const event = toPaymentEvent(
    {
      providerEventId: body.event_id,
      objectId: fact.objectId,
      type: fact.type,
      providerType: squareType,
      objectVersion: versionOf(fact),
      // Not the object's content: subscriptions of two API versions are sent one event in two renderings.
      contentDigest: digestOf(idText(fieldAt(body, "data", "id")), body.created_at),
      ...(fact.money === undefined ? {} : { money: fact.money }),
      signals: {
        cardFingerprint: fieldAt(payment, "card_details", "card", "fingerprint"),
        customerCountry: fieldAt(payment, "billing_address", "country"),
      },
      customerId: field(payment, "customer_id"),
      occurredAtMs: msOfIso(body.created_at),
    },
    context,
  );
  return [event];
}
