import { field, fieldAt } from "../../domain/exact-json.ts";
import { type EventContext, invalidItem, type Translation, toPaymentEvent } from "../../domain/payment-event.ts";
import { digestOf, idText, isJsonObject, msOfIso } from "../fields.ts";
import { type MoneyFact, versionOf } from "../money-fact.ts";
import type { VerifiedWebhook } from "../types.ts";
import { factOf } from "./facts.ts";

/**
 * PayPal's event notification: `{ id, event_type, create_time, resource_type, resource_version, resource }`. The id stays
 * the same when it is sent again. Events about one payment (capture, refund, reversal, dispute) share its capture as
 * transaction, which is also the transaction that PayPal's books show.
 * Source: https://developer.paypal.com/api/webhooks/v1/definitions/event
 */
export function translatePaypal({ body }: VerifiedWebhook, context: EventContext): readonly Translation[] {
  const name = field(body, "event_type");
  if (!isJsonObject(body) || typeof name !== "string") {
    return [invalidItem("not_a_paypal_event", "The body is not an event of PayPal's: it has no event_type.")];
  }
  const { resource } = body;
  const fact = factOf(name, resource);
  const event = toPaymentEvent(
    {
      providerEventId: body.id,
      objectId: fact.objectId,
      type: fact.type,
      providerType: name,
      objectVersion: sameAs(name, fact, resource),
      // Not the resource's content: a later transmission may show it as it is by then.
      contentDigest: digestOf(idText(fact.version?.[0] ?? field(resource, "id")), body.create_time),
      ...(fact.money === undefined ? {} : { money: fact.money }),
      signals: { customerCountry: fieldAt(resource, "payer", "address", "country_code") },
      customerId: fieldAt(resource, "payer", "payer_id"),
      occurredAtMs: msOfIso(body.create_time),
    },
    context,
  );
  return [event];
}

/** What is done once is the same fact under any event id; of everything else only the same content is. */
function sameAs(name: string, fact: MoneyFact, resource: unknown): string | undefined {
  if (resource === undefined) return undefined;
  return fact.version === undefined ? digestOf(name, resource) : versionOf(fact);
}
