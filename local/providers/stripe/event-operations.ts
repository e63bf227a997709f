/** What can be asked of events. Source: https://docs.stripe.com/api/events */
import type Stripe from "stripe";
import * as v from "valibot";
import type { Call, Operation } from "./call.ts";
import { invalid, noSuch } from "./errors.ts";
import { listOf } from "./lists.ts";
import { boolean, paging, readParams, text } from "./params.ts";

/** Stripe forgets them after 30 days. */
const memorySeconds = 30 * 24 * 60 * 60;

export const retrieveEvent: Operation = (call) => {
  const event = call.books.get("event", call.id);
  if (event === undefined || isForgotten(call, event)) throw noSuch("event", call.id);
  return currentEvent(call, event);
};

export const listEvents: Operation = (call) => {
  const filters = { type: v.optional(text), types: v.optional(v.array(text)), delivery_success: v.optional(boolean) };
  const params = readParams(v.strictObject({ ...paging, ...filters }), call.form);
  if (params.type !== undefined && params.types !== undefined)
    throw invalid("You may pass either type or types, not both.");
  const types = params.types ?? (params.type === undefined ? undefined : [params.type]);
  const list = listOf(
    call.books,
    "event",
    "/v1/events",
    params,
    (event) =>
      !isForgotten(call, event) &&
      (types === undefined || types.some((type) => matches(event.type, type))) &&
      (params.delivery_success === undefined || params.delivery_success !== call.isUndelivered(event.id)),
  );
  return { ...list, data: list.data.map((event) => currentEvent(call, event)) };
};

/** `charge.*` is every type that begins so. */
function matches(type: string, wanted: string): boolean {
  return wanted.endsWith("*") ? type.startsWith(wanted.slice(0, -1)) : type === wanted;
}

function isForgotten({ books }: Call, { created }: Stripe.Event): boolean {
  return created < books.now() - memorySeconds;
}

function currentEvent(call: Call, event: Stripe.Event): object {
  return { ...event, pending_webhooks: call.isUndelivered(event.id) ? 1 : 0 };
}
