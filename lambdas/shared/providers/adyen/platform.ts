import type { PaymentEventType } from "../../../../config/events.ts";
import { field, fieldAt } from "../../domain/exact-json.ts";
import { type EventContext, invalidItem, type Translation, toPaymentEvent } from "../../domain/payment-event.ts";
import { digestOf, idText, isJsonObject, msOfIso } from "../fields.ts";
import { versionOf } from "../money-fact.ts";
import { moneyIn } from "./facts.ts";

/**
 * A webhook of a balance platform or of the Management API: `{ type, environment, timestamp, data }`, signed as a whole.
 * Transfers out of a balance account to a bank or a card are payouts; account holders, balance accounts and merchant
 * accounts are accounts; all else is `other`. Transfers number their webhooks, so that two of one status have two ids;
 * other objects have no version, and the SHA-256 of the body is their event's id.
 * Sources: https://docs.adyen.com/platforms/webhook-types and
 * https://docs.adyen.com/payouts/payout-service/pay-out-to-bank-accounts/payout-webhooks
 */
export function translatePlatform(body: unknown, isRecordedOnly: boolean, context: EventContext): Translation {
  const name = field(body, "type");
  if (!isJsonObject(body) || typeof name !== "string") {
    return invalidItem("not_an_adyen_webhook", "The body has neither notificationItems nor a type.");
  }
  const { data } = body;
  const told = typeOf(name, data);
  const type = isRecordedOnly ? "other" : told;
  const money = type.startsWith("payout.") ? moneyIn(field(data, "amount")) : undefined;
  const [id, number] = [idText(field(data, "id")), idText(field(data, "sequenceNumber"))];
  return toPaymentEvent(
    {
      providerEventId: id === undefined || number === undefined ? undefined : `${name}:${id}:${number}`,
      objectId: (told === "account.updated" ? accountIn(data) : undefined) ?? id ?? field(data, "reference"),
      type,
      providerType: name,
      // A status may be told when the transfer is made and again while the bank reports how far it has come.
      objectVersion: versionOf({ type, version: [id, field(data, "status")], ...(money && { money }) }),
      contentDigest: digestOf(id, number, field(data, "status")),
      ...(money === undefined ? {} : { money }),
      occurredAtMs: msOfIso(body.timestamp) ?? msOfIso(body.createdAt) ?? msOfIso(field(data, "creationDate")),
    },
    context,
  );
}

const accountEvents = /^(balancePlatform\.(accountHolder|balanceAccount)|merchant)\.(created|updated)$/;
const payoutEnds: ReadonlyMap<unknown, PaymentEventType> = new Map<unknown, PaymentEventType>([
  ["booked", "payout.paid"],
  ["failed", "payout.failed"],
  ["refused", "payout.failed"],
  ["returned", "payout.failed"],
]);

function typeOf(name: string, data: unknown): PaymentEventType {
  if (accountEvents.test(name)) return "account.updated";
  const isTransfer = name === "balancePlatform.transfer.created" || name === "balancePlatform.transfer.updated";
  const category = field(data, "category");
  const isPayout = field(data, "direction") === "outgoing" && (category === "bank" || category === "card");
  return (isTransfer && isPayout ? payoutEnds.get(field(data, "status")) : undefined) ?? "other";
}

function accountIn(data: unknown): string | undefined {
  const ids = [fieldAt(data, "balanceAccount", "id"), fieldAt(data, "accountHolder", "id"), field(data, "merchantId")];
  return ids.map(idText).find((id) => id !== undefined);
}
