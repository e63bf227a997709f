import { field } from "../../domain/exact-json.ts";
import { type EventContext, invalidItem, type Translation, toPaymentEvent } from "../../domain/payment-event.ts";
import { digestOf, idText, isJsonObject, msOfIso } from "../fields.ts";
import { versionOf } from "../money-fact.ts";
import type { VerifiedWebhook } from "../types.ts";
import { factOf } from "./facts.ts";

/**
 * Paddle's event: `{ event_id, event_type, occurred_at, notification_id, data }`. The event's id stays the same for every
 * destination that is notified, and when a notification is sent again. Events about one payment (transaction, refund,
 * chargeback) share its transaction. Source: https://developer.paddle.com/webhooks/overview
 */
export function translatePaddle({ body }: VerifiedWebhook, context: EventContext): readonly Translation[] {
  const eventType = field(body, "event_type");
  if (!isJsonObject(body) || typeof eventType !== "string") {
    return [invalidItem("not_a_paddle_event", "The body is not an event of Paddle's: it has no event_type.")];
  }
  const { data } = body;
  const fact = isSimulated(body.event_id) ? ({ type: "other", objectId: undefined } as const) : factOf(eventType, data);
  const event = toPaymentEvent(
    {
      providerEventId: body.event_id,
      objectId: fact.objectId,
      type: fact.type,
      providerType: eventType,
      objectVersion: versionOf(fact),
      contentDigest: digestOf(idText(field(data, "id")), body.occurred_at),
      ...(fact.money === undefined ? {} : { money: fact.money }),
      customerId: field(data, "customer_id"),
      occurredAtMs: msOfIso(body.occurred_at),
    },
    context,
  );
  return [event];
}

/**
 * The webhook simulator signs as Paddle does, with the destination's own secret; what it makes up is told by its id.
 * Source: https://developer.paddle.com/webhooks/test-webhooks
 */
function isSimulated(eventId: unknown): boolean {
  return typeof eventId === "string" && eventId.startsWith("ntfsimevt_");
}
