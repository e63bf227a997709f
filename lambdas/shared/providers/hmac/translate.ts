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
import { idInHeader, isJsonObject, msOfIso } from "../fields.ts";
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
  const id = idInHeader(headers, settings.idHeader);
  if (!Array.isArray(body)) return [translateItem({ item: body, content: contentOf(body), id }, context)];
  return body.map((item: unknown, place) => {
    const content = contentOf(item);
    const itemId = id === undefined ? undefined : `${id}:${place}`;
    return translateItem({ item, content, id: itemId }, { ...context, bodySha256: content });
  });
}

interface Item {
  readonly item: unknown;
  /** Digest of all that the item says. */
  readonly content: string;
  /** The sender's own, as far as there is one. */
  readonly id: string | undefined;
}

function translateItem({ item, content, id }: Item, context: EventContext): Translation {
  if (!isJsonObject(item)) return invalidItem("body_not_object", "The notification is not a JSON object.");
  const transactionId = plainText(item.transaction_id, 200);
  if (transactionId === undefined) {
    return invalidItem("transaction_id_missing", "The notification has no usable transaction_id.");
  }
  const { amount, currency } = item;
  const occurredAtMs = msOfIso(item.occurred_at);
  return toPaymentEvent(
    {
      providerEventId: id,
      objectId: transactionId,
      type: typeOf(item.type),
      providerType: field(item, "type") ?? "transaction.notification",
      // A sender that gives ids says by them what is one fact: two equal partial refunds may differ in nothing else
      // (WEBHOOK_RULES 5). Without ids, an item that says when it happened is the same fact however it is wrapped.
      objectVersion: id === undefined && occurredAtMs !== undefined ? content : undefined,
      contentDigest: content,
      ...(amount === undefined ? {} : { money: { amount: fromMajorUnits(amount, currency), currency } }),
      customerId: item.customer_id,
      occurredAtMs,
    },
    context,
  );
}

function contentOf(item: unknown): string {
  return sha256Hex(JSON.stringify(item));
}

function typeOf(word: unknown): PaymentEventType {
  if (word === undefined) return "payment.succeeded";
  return paymentEventTypes.find((type) => type === word) ?? "other";
}
