import { field, fieldAt } from "../../domain/exact-json.ts";
import type { EventContext, Translation } from "../../domain/payment-event.ts";
import { invalidItem, toPaymentEvent } from "../../domain/payment-event.ts";
import { digestOf, isJsonObject, msOfIso, msOfSeconds } from "../fields.ts";
import type { VerifiedWebhook } from "../types.ts";
import { factOf } from "./facts.ts";
import { signalsOf } from "./signals.ts";

/**
 * Stripe's Event object: `{ id, type, created, api_version, data: { object, previous_attributes } }`. Events about one
 * payment (intent, charge, refund, dispute) share its payment intent as transaction, or its charge where there is no
 * intent. Thin events of API v2 carry no `data.object` but a `related_object`; they are recorded as `other`.
 * Source: https://docs.stripe.com/api/events/object
 */
export function translateStripe({ body }: VerifiedWebhook, context: EventContext): readonly Translation[] {
  const stripeType = field(body, "type");
  if (!isJsonObject(body) || typeof stripeType !== "string") {
    return [invalidItem("not_a_stripe_event", "The body is not a Stripe event: it has no type.")];
  }
  const object = fieldAt(body, "data", "object");
  const { type, money } = factOf(stripeType, body);
  const event = toPaymentEvent(
    {
      providerEventId: body.id,
      objectId: transactionOf(object) ?? fieldAt(body, "related_object", "id"),
      type,
      providerType: stripeType,
      // Partial refunds share an object and differ in its content, so the content is its version (WEBHOOK_RULES 5).
      objectVersion: object === undefined ? undefined : digestOf(object),
      // Not the object's content: endpoints of two API versions are sent one event in two renderings.
      contentDigest: digestOf(field(object, "id"), body.created),
      ...(money === undefined ? {} : { money }),
      signals: signalsOf(object),
      customerId: idOf(field(object, "customer")),
      occurredAtMs: msOfSeconds(body.created) ?? msOfIso(body.created),
    },
    context,
  );
  return [event];
}

function transactionOf(object: unknown): unknown {
  return idOf(field(object, "payment_intent")) ?? idOf(field(object, "charge")) ?? field(object, "id");
}

/** Stripe states a reference as an id, or expanded as the object itself. */
function idOf(reference: unknown): string | undefined {
  const id = typeof reference === "string" ? reference : field(reference, "id");
  return typeof id === "string" ? id : undefined;
}
