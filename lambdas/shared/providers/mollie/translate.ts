import { field, fieldAt, parseExactJson } from "../../domain/exact-json.ts";
import { type EventContext, invalidItem, type Translation, toPaymentEvent } from "../../domain/payment-event.ts";
import { contextOfItem, digestOf, elementsOf, idText, isJsonObject, msOfIso } from "../fields.ts";
import type { VerifiedWebhook, WebhookHeaders } from "../types.ts";
import { apiKeysOf, entityHeader, type MollieSettings, modeOf, postedHeader } from "./capabilities.ts";
import { factOf, type MollieFact, signalsOf } from "./facts.ts";

/**
 * A webhook of the next generation is one event; a classic one is the state of a payment or an order, of which each fact
 * is an event, whichever of them Mollie has called for.
 */
export function translateMollie(
  { body, headers }: VerifiedWebhook,
  context: EventContext,
  settings: MollieSettings,
): readonly Translation[] {
  return headers.has(postedHeader) ? stateOf(body, context) : [eventOf(body, { headers, settings }, context)];
}

/**
 * `{ resource: "event", id, type, entityId, createdAt, _embedded: { entity } }`; without `_embedded` where the webhook
 * asks for simple payloads. The id stays the same when it is sent again. Where there is an API key, play money of its
 * other mode is none: such an event is recorded, as `other`.
 * Source: https://docs.mollie.com/reference/webhooks-new
 */
function eventOf(body: unknown, { headers, settings }: Around, context: EventContext): Translation {
  const word = field(body, "type");
  if (!isJsonObject(body) || typeof word !== "string") {
    return invalidItem("not_a_mollie_event", "The body is not an event of Mollie's: it has no type.");
  }
  const entity = fieldAt(body, "_embedded", "entity") ?? fetchedEntity(headers);
  const fact = factOf(word, entity, body.entityId);
  const { type, money, objectId, version } = isOfOtherMode(entity, settings) ? withoutMoney(fact) : fact;
  return toPaymentEvent(
    {
      providerEventId: body.id,
      objectId,
      type,
      providerType: word,
      objectVersion: version,
      // Not the entity: it may have been fetched, and be in a later state the next time.
      contentDigest: digestOf(idText(body.entityId), body.createdAt),
      ...(money === undefined ? {} : { money }),
      ...(word.startsWith("payment.") && { signals: signalsOf(entity), customerId: field(entity, "customerId") }),
      occurredAtMs: msOfIso(body.createdAt),
    },
    context,
  );
}

interface Around {
  readonly headers: WebhookHeaders;
  readonly settings: MollieSettings;
}

/** All API keys are of one mode. */
function isOfOtherMode(entity: unknown, settings: MollieSettings): boolean {
  const [apiKey] = apiKeysOf(settings);
  const mode = field(entity, "mode");
  return apiKey !== undefined && typeof mode === "string" && mode !== modeOf(apiKey);
}

function withoutMoney({ objectId, occurredAtMs }: MollieFact): MollieFact {
  return { type: "other", objectId, occurredAtMs };
}

function fetchedEntity(headers: WebhookHeaders): unknown {
  const text = headers.get(entityHeader);
  const parsed = text === undefined ? undefined : parseExactJson(Buffer.from(text));
  return parsed?.kind === "parsed" ? parsed.value : undefined;
}

/**
 * The payment as it is, each of its refunds as it is, each of its chargebacks and of their reversals. The event id is made
 * of the object's and its state (`tr_…:paid`, `re_…:refunded`), so that what was told before is a duplicate.
 * Sources: https://docs.mollie.com/reference/get-payment, https://docs.mollie.com/reference/get-order
 */
function stateOf(body: unknown, context: EventContext): readonly Translation[] {
  if (!isJsonObject(body)) return [invalidItem("not_a_mollie_object", "What Mollie's API answered is no object.")];
  const embedded = (object: unknown, name: string) => elementsOf(fieldAt(object, "_embedded", name));
  const isOrder = body.resource === "order";
  const payments = isOrder ? embedded(body, "payments") : [body];
  return [
    ...(isOrder ? [itemOf(inState("order", body), body, context)] : []),
    ...payments.map((payment) => itemOf(inState("payment", payment), payment, context)),
    ...embedded(body, "refunds").map((refund) => itemOf(inState("refund", refund), refund, context)),
    ...embedded(body, "chargebacks").flatMap((chargeback) =>
      chargebackWords(chargeback).map((word) => itemOf(word, chargeback, context)),
    ),
  ];
}

/** `payment.paid`, of a payment that is paid. */
function inState(kind: string, object: unknown): string {
  const status = field(object, "status");
  return typeof status === "string" && /^[a-z-]{1,40}$/.test(status) ? `${kind}.${status}` : kind;
}

/** A chargeback has no status. */
function chargebackWords(chargeback: unknown): readonly string[] {
  const isReversed = (field(chargeback, "reversedAt") ?? null) !== null;
  return ["chargeback.received", ...(isReversed ? ["chargeback.reversed"] : [])];
}

function itemOf(word: string, object: unknown, context: EventContext): Translation {
  const { type, money, objectId, version, occurredAtMs } = factOf(word, object);
  const ownId = idText(field(object, "id"));
  const [kind, state = "unknown"] = word.split(".");
  const eventId = ownId === undefined ? undefined : `${ownId}:${state}`;
  return toPaymentEvent(
    {
      providerEventId: eventId,
      objectId,
      type,
      providerType: word,
      objectVersion: version,
      contentDigest: digestOf(ownId),
      ...(money === undefined ? {} : { money }),
      ...(kind === "payment" && { signals: signalsOf(object), customerId: field(object, "customerId") }),
      occurredAtMs,
    },
    contextOfItem(context, eventId, [word, object]),
  );
}
