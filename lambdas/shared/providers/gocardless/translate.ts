import { limits } from "../../../../config/limits.ts";
import { field } from "../../domain/exact-json.ts";
import { fromMinorUnits } from "../../domain/money.ts";
import {
  type EventContext,
  type EventDraft,
  invalidItem,
  type Translation,
  toPaymentEvent,
} from "../../domain/payment-event.ts";
import { contextOfItem, digestOf, isJsonObject, msOfIso } from "../fields.ts";
import type { VerifiedWebhook } from "../types.ts";
import { amountsIn } from "./amounts.ts";
import { amountsHeader } from "./capabilities.ts";
import { factOf } from "./facts.ts";

/**
 * GoCardless's webhook: `{ events: [{ id, created_at, resource_type, action, links, details }], meta }`, up to 250 events
 * of several resources. An event's id stays the same when it is sent again, and in each endpoint's webhook. Amounts are
 * the ones that `prepareGocardless` has fetched; a refund belongs to the payment that its own object names.
 * Source: https://developer.gocardless.com/api-reference/#webhooks-overview
 */
export function translateGocardless({ body, headers }: VerifiedWebhook, context: EventContext): readonly Translation[] {
  const events = field(body, "events");
  if (!Array.isArray(events)) {
    return [invalidItem("not_a_gocardless_webhook", "The body is not a webhook of GoCardless's: it has no events.")];
  }
  if (events.length > limits.webhookItems) {
    return [invalidItem("batch_too_large", `The body has more than ${limits.webhookItems} events.`)];
  }
  const amounts = amountsIn(headers.get(amountsHeader));
  return events.map((event: unknown) => translateEvent(event, amounts, context));
}

function translateEvent(event: unknown, amounts: ReturnType<typeof amountsIn>, context: EventContext): Translation {
  const { name, type, resourceId, isMonetary } = factOf(event);
  if (!isJsonObject(event) || name === undefined) {
    return invalidItem("not_a_gocardless_event", "The event has no resource_type or no action.");
  }
  const known = resourceId === undefined ? undefined : amounts.get(resourceId);
  const [, , paymentId] = known ?? [];
  return toPaymentEvent(
    {
      providerEventId: event.id,
      objectId: paymentId ?? resourceId,
      type,
      providerType: name,
      // A payment that fails twice is two facts, and no fact has two ids.
      contentDigest: digestOf(resourceId, event.created_at),
      ...(isMonetary ? { money: moneyOf(known) } : {}),
      occurredAtMs: msOfIso(event.created_at),
    },
    contextOfItem(context, event.id, event),
  );
}

/** Minor units; all of GoCardless's currencies have ISO's. */
function moneyOf(known: readonly unknown[] | undefined): NonNullable<EventDraft["money"]> {
  const [amount, currency] = known ?? [];
  if (amount === undefined) return { amount: { kind: "unusable", reason: "amount_missing" }, currency };
  return { amount: fromMinorUnits(amount, currency), currency };
}
