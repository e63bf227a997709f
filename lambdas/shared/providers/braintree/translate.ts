import { field, fieldAt } from "../../domain/exact-json.ts";
import { type EventContext, invalidItem, type Translation, toPaymentEvent } from "../../domain/payment-event.ts";
import { digestOf, msOfIso } from "../fields.ts";
import { versionOf } from "../money-fact.ts";
import type { VerifiedWebhook } from "../types.ts";
import { factOf } from "./facts.ts";

/**
 * A notification: `{ kind, timestamp, subject }`, the subject with one object in it as it was at that time. It has no
 * id, so its XML's digest is the event's: Braintree sends the same XML again. Events about one payment (settlement,
 * refund, dispute) share its transaction. `check` is the control panel's test.
 * Source: https://developer.paypal.com/braintree/docs/reference/general/webhooks/overview
 */
export function translateBraintree({ body }: VerifiedWebhook, context: EventContext): readonly Translation[] {
  const notification = field(body, "notification");
  const kind = field(notification, "kind");
  if (typeof kind !== "string") {
    return [invalidItem("not_a_notification", "The payload is not a notification of Braintree's: it has no kind.")];
  }
  const fact = factOf(kind, field(notification, "subject"));
  const payloadSha256 = field(body, "payloadSha256");
  const event = toPaymentEvent(
    {
      providerEventId: payloadSha256,
      objectId: fact.objectId,
      type: fact.type,
      providerType: kind,
      // A transaction is settled once, whichever kinds tell of it, a dispute ends once in one way.
      objectVersion: versionOf(fact),
      contentDigest: digestOf(payloadSha256),
      ...(fact.money === undefined ? {} : { money: fact.money }),
      signals: signalsOf(fact.transaction),
      customerId: fieldAt(fact.transaction, "customer", "id"),
      occurredAtMs: msOfIso(field(notification, "timestamp")),
    },
    context,
  );
  return [event];
}

/** The card's country is written in three letters, or as "Unknown", and is left out. */
function signalsOf(transaction: unknown): NonNullable<Parameters<typeof toPaymentEvent>[0]["signals"]> {
  const score = fieldAt(transaction, "risk-data", "transaction-risk-score");
  return {
    cardFingerprint: fieldAt(transaction, "credit-card", "unique-number-identifier"),
    customerCountry: fieldAt(transaction, "billing", "country-code-alpha2"),
    ...(typeof score === "string" && /^\d{1,3}$/.test(score) ? { providerRiskScore: Number(score) } : {}),
  };
}
