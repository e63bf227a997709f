import { type PaymentEventType, paymentEventTypes } from "../../../../config/events.ts";
import { field } from "../../domain/exact-json.ts";
import { fromMajorUnits } from "../../domain/money.ts";
import {
  type EventContext,
  invalidItem,
  plainText,
  type Translation,
  toPaymentEvent,
} from "../../domain/payment-event.ts";
import { sha256Hex } from "../../domain/raw-webhook.ts";
import { isJsonObject, msOfIso } from "../fields.ts";
import type { VerifiedWebhook } from "../types.ts";
import type { HmacSettings } from "./capabilities.ts";

/**
 * The plain transaction notification of `POST /webhook`:
 *
 *     { "transaction_id": "txn_123456", "amount": 15000, "currency": "USD", "provider": "stripe",
 *       "customer_id": "cust_789", "metadata": {…} }
 *
 * `amount` is in major units, a number or decimal text, read exactly: 15000 is 15,000.00 USD. Optional: `type` (our
 * vocabulary; a successful payment where it is left out) and `occurred_at` (ISO 8601). An array holds a batch, whose
 * items stand or fall alone (WEBHOOK_RULES 6). The id of the notification is the sender's header where there is one,
 * with the item's place in a batch, else the SHA-256 of the item.
 */
export function translateHmac(
  { body, headers }: VerifiedWebhook,
  context: EventContext,
  settings: HmacSettings,
): readonly Translation[] {
  const id = headers.get(settings.idHeader);
  if (!Array.isArray(body)) return [translateItem(body, id, context)];
  return body.map((item: unknown, place) => {
    const itemContext = { ...context, bodySha256: sha256Hex(JSON.stringify(item)) };
    return translateItem(item, id === undefined ? undefined : `${id}:${place}`, itemContext);
  });
}

function translateItem(item: unknown, id: string | undefined, context: EventContext): Translation {
  if (!isJsonObject(item)) return invalidItem("body_not_object", "The notification is not a JSON object.");
  const transactionId = plainText(item.transaction_id, 200);
  if (transactionId === undefined) {
    return invalidItem("transaction_id_missing", "The notification has no usable transaction_id.");
  }
  const { amount, currency } = item;
  return toPaymentEvent(
    {
      providerEventId: id,
      objectId: transactionId,
      type: typeOf(item.type),
      providerType: field(item, "type") ?? "transaction.notification",
      objectVersion: context.bodySha256,
      ...(amount === undefined ? {} : { money: { amount: fromMajorUnits(amount, currency), currency } }),
      customerId: item.customer_id,
      occurredAtMs: msOfIso(item.occurred_at),
    },
    context,
  );
}

function typeOf(word: unknown): PaymentEventType {
  if (word === undefined) return "payment.succeeded";
  return paymentEventTypes.find((type) => type === word) ?? "other";
}
