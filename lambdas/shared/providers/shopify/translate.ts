import { field, fieldAt } from "../../domain/exact-json.ts";
import { type EventContext, invalidItem, type Translation, toPaymentEvent } from "../../domain/payment-event.ts";
import { digestOf, idInHeader, idText, isJsonObject, msOfIso } from "../fields.ts";
import type { VerifiedWebhook, WebhookHeaders } from "../types.ts";
import type { ShopifySettings } from "./capabilities.ts";
import { factOf, isTest, type ShopifyFact } from "./facts.ts";

/**
 * A Shopify webhook: the topic in `X-Shopify-Topic`, the resource as body. Events about one order share it as
 * transaction. The headers aren't signed, so whoever has a signed body may send it under another id or another topic:
 * the object's version takes care of the first, `factOf` of the second. Source: https://shopify.dev/docs/api/webhooks
 */
export function translateShopify(
  { body, headers }: VerifiedWebhook,
  context: EventContext,
  { testEvents }: Pick<ShopifySettings, "testEvents">,
): readonly Translation[] {
  const topic = headers.get("x-shopify-topic");
  if (topic === undefined || topic === "") {
    return [invalidItem("event_type_missing", "The header X-Shopify-Topic is missing.")];
  }
  if (!isJsonObject(body)) return [invalidItem("body_not_object", "The body is not a JSON object.")];
  const isRecordedOnly = testEvents === "record" && isTest(body);
  const fact: ShopifyFact = isRecordedOnly ? { type: "other" } : factOf(topic, body);
  const event = toPaymentEvent(
    {
      providerEventId: eventIdOf(headers, topic),
      objectId: field(body, "order_id") ?? field(body, "id"),
      type: fact.type,
      providerType: topic,
      objectVersion: versionOf(body, fact, context),
      contentDigest: digestOf(idText(body.id)),
      ...(fact.money === undefined ? {} : { money: fact.money }),
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
 * an event to us; two subscriptions to one topic are not, though their bodies may be of different API versions.
 */
function eventIdOf(headers: WebhookHeaders, topic: string): string | undefined {
  const eventId = idInHeader(headers, "x-shopify-event-id");
  return eventId === undefined ? idInHeader(headers, "x-shopify-webhook-id") : `${eventId}:${topic}`;
}

/**
 * An order is paid once for one total, a refund is made once, a dispute ends once in one way: so says the object's own
 * id, whatever else of the object has changed between two webhooks. Two partial refunds have two ids. Where there is no
 * such money, only the same bytes are the same fact, and without an id of the object none are (WEBHOOK_RULES 5).
 */
function versionOf(body: unknown, { money, outcome }: ShopifyFact, context: EventContext): string | undefined {
  const id = idText(field(body, "id"));
  if (id === undefined) return undefined;
  if (money?.amount.kind !== "exact") return context.bodySha256;
  const { amountMinor, currency } = money.amount;
  return digestOf(id, amountMinor, currency, outcome);
}

function occurredAtOf(body: unknown): number | undefined {
  const times = ["updated_at", "processed_at", "created_at", "initiated_at"];
  return times.map((name) => msOfIso(field(body, name))).find((time) => time !== undefined);
}
