import { field } from "../../domain/exact-json.ts";
import { type EventContext, invalidItem, type Translation, toPaymentEvent } from "../../domain/payment-event.ts";
import { digestOf, idInHeader, idText, isJsonObject, msOfSeconds } from "../fields.ts";
import { type MoneyFact, versionOf } from "../money-fact.ts";
import type { VerifiedWebhook } from "../types.ts";
import { entityIn, factOf } from "./facts.ts";

/**
 * Razorpay's event: `{ entity: "event", account_id, event, contains, payload: { <kind>: { entity } }, created_at }`, its id
 * in `X-Razorpay-Event-Id`, the same when it is sent again. The header isn't signed, so whoever has a signed body may send
 * it under another id: the object's version takes care of that. Events about one payment (payment, refund, dispute) share
 * it as transaction. Test mode tells of tests in the same words, by webhooks of its own.
 * Source: https://razorpay.com/docs/webhooks/payloads/
 */
export function translateRazorpay({ body, headers }: VerifiedWebhook, context: EventContext): readonly Translation[] {
  const name = field(body, "event");
  if (!isJsonObject(body) || typeof name !== "string") {
    return [invalidItem("not_a_razorpay_event", "The body is not an event of Razorpay's: it has no event.")];
  }
  const fact = factOf(name, body);
  const event = toPaymentEvent(
    {
      providerEventId: idInHeader(headers, "x-razorpay-event-id"),
      objectId: fact.objectId,
      type: fact.type,
      providerType: name,
      objectVersion: versionOf(fact) ?? bytesOf(fact, context),
      contentDigest: digestOf(idsIn(body.payload), body.created_at),
      ...(fact.money === undefined ? {} : { money: fact.money }),
      customerId: field(entityIn(body, "payment"), "customer_id"),
      occurredAtMs: msOfSeconds(body.created_at),
    },
    context,
  );
  return [event];
}

/** Where there is no readable money of a known entity, only the same bytes are the same fact (WEBHOOK_RULES 5). */
function bytesOf({ objectId }: MoneyFact, { bodySha256 }: EventContext): string | undefined {
  return idText(objectId) === undefined ? undefined : bodySha256;
}

/** The id of each entity that the event is about. */
function idsIn(payload: unknown): readonly unknown[] {
  if (!isJsonObject(payload)) return [];
  return Object.entries(payload).map(([kind, part]) => [kind, idText(field(field(part, "entity"), "id"))]);
}
