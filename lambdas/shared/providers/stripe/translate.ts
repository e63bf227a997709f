import { field, fieldAt } from "../../domain/exact-json.ts";
import type { EventContext, Translation } from "../../domain/payment-event.ts";
import { invalidItem, toPaymentEvent } from "../../domain/payment-event.ts";
import { digestOf, isJsonObject, msOfIso, msOfSeconds } from "../fields.ts";
import type { VerifiedWebhook } from "../types.ts";
import type { StripeSettings } from "./capabilities.ts";
import { factOf, type StripeFact } from "./facts.ts";
import { signalsOf } from "./signals.ts";

/**
 * Stripe's Event object: `{ id, type, created, api_version, data: { object, previous_attributes } }`. Events about one
 * payment (intent, charge, refund, dispute) share its payment intent as transaction, or its charge where there is no
 * intent; events about an account share the account. Thin events of API v2 carry no `data.object` but a `related_object`:
 * nothing of them is money. Source: https://docs.stripe.com/api/events/object
 */
export function translateStripe(
  { body }: VerifiedWebhook,
  context: EventContext,
  { testEvents }: Pick<StripeSettings, "testEvents">,
): readonly Translation[] {
  const stripeType = field(body, "type");
  if (!isJsonObject(body) || typeof stripeType !== "string") {
    return [invalidItem("not_a_stripe_event", "The body is not a Stripe event: it has no type.")];
  }
  const object = fieldAt(body, "data", "object");
  const isRecordedOnly = body.livemode === false && testEvents === "record";
  const { type, money, version }: StripeFact = isRecordedOnly ? { type: "other" } : factOf(stripeType, body);
  const event = toPaymentEvent(
    {
      providerEventId: body.id,
      objectId: transactionOf(object, body) ?? fieldAt(body, "related_object", "id"),
      type,
      providerType: stripeType,
      // What doesn't happen to an object once only, such as a refund to a charge, is told apart by the object's content
      // (WEBHOOK_RULES 5).
      objectVersion: object === undefined ? undefined : digestOf(version ?? object),
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

function transactionOf(object: unknown, event: unknown): unknown {
  const payment = idOf(field(object, "payment_intent")) ?? idOf(field(object, "charge"));
  return payment ?? accountOf(object, event) ?? field(object, "id");
}

/** Of what belongs to an account: a capability or a bank account names it, an authorised application's event does. */
function accountOf(object: unknown, event: unknown): string | undefined {
  const kind = field(object, "object");
  if (kind === "application") return idOf(field(event, "account"));
  return partsOfAccounts.has(kind) ? idOf(field(object, "account")) : undefined;
}

const partsOfAccounts: ReadonlySet<unknown> = new Set(["bank_account", "capability", "card", "person"]);

/** Stripe states a reference as an id, or expanded as the object itself. */
function idOf(reference: unknown): string | undefined {
  const id = typeof reference === "string" ? reference : field(reference, "id");
  return typeof id === "string" ? id : undefined;
}
