import { type PaymentEventType, paymentEventTypes } from "../../../../config/events.ts";
import { field } from "../../domain/exact-json.ts";
import { fromMajorUnits, fromMinorUnits } from "../../domain/money.ts";
import {
  type EventContext,
  type EventDraft,
  invalidItem,
  type Translation,
  toPaymentEvent,
} from "../../domain/payment-event.ts";
import { digestOf, idInHeader, isJsonObject, msOfIso } from "../fields.ts";
import type { VerifiedWebhook } from "../types.ts";
import { headerNames, type StandardWebhooksSettings } from "./capabilities.ts";
import { prefixOf } from "./verify.ts";

/** Words for our types that senders use besides our own vocabulary, which is taken as it is. */
const synonyms: ReadonlyMap<string, PaymentEventType> = new Map<string, PaymentEventType>([
  ["payment.completed", "payment.succeeded"],
  ["dispute.created", "dispute.opened"],
  ["dispute.won", "dispute.closed"],
  ["dispute.lost", "dispute.closed"],
]);

/**
 * The specification's payload, `{ "type": "payment.succeeded", "timestamp": "2026-11-20T08:00:00Z", "data": {…} }`, of
 * whose `data` these fields are read where they are there:
 *
 * - `amount` (integer in minor units, or as the setting `amountUnit` says) and `currency` (ISO 4217);
 * - `payment_id`, else `transaction_id`, else `id`: the transaction that events share;
 * - `customer_id`; `card_fingerprint`, `card_country`, `customer_country` (ISO 3166) and `risk_score` (0 to 100).
 *
 * The event's id is the signed `webhook-id`, and it alone says what is one fact: nobody but the sender can give it, and
 * the specification has it stay the same however often and to however many endpoints the event is sent. There is no
 * object version, since nothing in `data` need tell two facts apart: two equal partial refunds share the payment's id,
 * the amount and, within a second, the time (WEBHOOK_RULES 5).
 */
export function translateStandardWebhooks(
  { body, headers }: VerifiedWebhook,
  context: EventContext,
  settings: StandardWebhooksSettings,
): readonly Translation[] {
  const word = field(body, "type");
  if (!isJsonObject(body) || typeof word !== "string") {
    return [invalidItem("event_type_missing", "The body has no type.")];
  }
  const { data } = body;
  const [idName] = headerNames(prefixOf(headers));
  const event = toPaymentEvent(
    {
      providerEventId: idInHeader(headers, idName),
      objectId: field(data, "payment_id") ?? field(data, "transaction_id") ?? field(data, "id"),
      type: typeOf(word),
      providerType: word,
      contentDigest: digestOf(data),
      ...moneyIn(data, settings),
      signals: {
        cardFingerprint: field(data, "card_fingerprint"),
        cardCountry: field(data, "card_country"),
        customerCountry: field(data, "customer_country"),
        providerRiskScore: field(data, "risk_score"),
      },
      customerId: field(data, "customer_id"),
      occurredAtMs: msOfIso(body.timestamp),
    },
    context,
  );
  return [event];
}

function typeOf(word: string): PaymentEventType {
  return paymentEventTypes.find((type) => type === word) ?? synonyms.get(word) ?? "other";
}

function moneyIn(data: unknown, settings: StandardWebhooksSettings): Pick<EventDraft, "money"> {
  const amount = field(data, "amount");
  if (amount === undefined || amount === null) return {};
  const currency = field(data, "currency");
  const read = settings.amountUnit === "minor" ? fromMinorUnits : fromMajorUnits;
  return { money: { amount: read(amount, currency), currency } };
}
