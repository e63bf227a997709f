import { field, fieldAt } from "../../domain/exact-json.ts";
import { type EventContext, invalidItem, type Translation, toPaymentEvent } from "../../domain/payment-event.ts";
import { isJsonObject, msOfIso } from "../fields.ts";
import type { VerifiedWebhook, WebhookHeaders } from "../types.ts";
import { factOf } from "./facts.ts";

/**
 * A Shopify webhook: the topic in `X-Shopify-Topic`, the resource as body. Events about one order share it as
 * transaction. The headers aren't signed: a replay under another id has the same object version
 * (WEBHOOK_RULES 5), one under another topic hasn't, so `factOf` asks the body whether an order is paid. Source: https://shopify.dev/docs/api/webhooks
 */
export function translateShopify({ body, headers }: VerifiedWebhook, context: EventContext): readonly Translation[] {
  const topic = headers.get("x-shopify-topic");
  if (topic === undefined || topic === "") {
    return [invalidItem("event_type_missing", "The header X-Shopify-Topic is missing.")];
  }
  if (!isJsonObject(body)) return [invalidItem("body_not_object", "The body is not a JSON object.")];
  const { type, money } = factOf(topic, body);
  const event = toPaymentEvent(
    {
      providerEventId: eventIdOf(headers, topic),
      objectId: field(body, "order_id") ?? field(body, "id"),
      type,
      providerType: topic,
      objectVersion: context.bodySha256,
      ...(money === undefined ? {} : { money }),
      signals: { customerCountry: fieldAt(body, "billing_address", "country_code") },
      customerId: fieldAt(body, "customer", "id"),
      occurredAtMs: occurredAtOf(body),
    },
    context,
  );
  return [event];
}

/**
 * One action of a merchant sends several topics under one event id (an order made and paid at once), each of which is
 * an event to us; two subscriptions to one topic are not.
 */
function eventIdOf(headers: WebhookHeaders, topic: string): string | undefined {
  const eventId = headers.get("x-shopify-event-id");
  return eventId === undefined ? headers.get("x-shopify-webhook-id") : `${eventId}:${topic}`;
}

function occurredAtOf(body: unknown): number | undefined {
  const times = ["updated_at", "processed_at", "created_at", "initiated_at"];
  return times.map((name) => msOfIso(field(body, name))).find((time) => time !== undefined);
}
