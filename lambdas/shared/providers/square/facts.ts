/**
 * What Square's events mean for money. Source: https://developer.squareup.com/reference/square/webhooks and, for what the
 * objects look like, the references of Payments, Refunds, Disputes and Payouts.
 */
import type { PaymentEventType } from "../../../../config/events.ts";
import { field, fieldAt } from "../../domain/exact-json.ts";
import type { EventDraft } from "../../domain/payment-event.ts";
import { idText, moneyInMinorUnits } from "../fields.ts";
import type { MoneyFact } from "../money-fact.ts";

type Read = (event: unknown) => MoneyFact;

/**
 * Square tells of an object that it was created or updated, several times over for one payment, so its status says what
 * happened: all that show a completed payment tell the same fact. So do those in cash or outside of Square (`source_type`
 * CASH and EXTERNAL), which Square only notes: the customer has paid all the same. A payment that is only approved is an
 * authorisation, one that is canceled was never paid, and a refund is one when it is completed: `other` until then, and
 * where it is rejected or fails.
 */
const rules: ReadonlyMap<string, Read> = new Map<string, Read>([
  ["payment.created", payment],
  ["payment.updated", payment],
  ["refund.created", refund],
  ["refund.updated", refund],
  ["dispute.created", (event) => dispute("dispute.opened", event, ["opened"])],
  ["dispute.state.updated", changedDispute],
  ["dispute.state.changed", changedDispute],
  ["payout.paid", (event) => payout("payout.paid", event)],
  ["payout.failed", (event) => payout("payout.failed", event)],
]);

export const squareEventTypes: readonly string[] = [...rules.keys()];

/** Of the seller's account: its permission, its places of business, the bank account that it is paid out to. */
const accountEvents: ReadonlySet<string> = new Set([
  "bank_account.created",
  "bank_account.disabled",
  "bank_account.verified",
  "location.created",
  "location.updated",
  "oauth.authorization.revoked",
]);

/** States in which a dispute, or the inquiry before one, is over. Source: `DisputeState` of the Disputes API */
const endedStates: ReadonlySet<unknown> = new Set(["ACCEPTED", "INQUIRY_CLOSED", "LOST", "WON"]);

/** Types that aren't in the table move no money, or tell again what another one tells: `other` without amount. */
export function factOf(squareType: string, event: unknown): MoneyFact {
  const read = rules.get(squareType);
  if (read !== undefined) return read(event);
  const isOfAccount = accountEvents.has(squareType);
  return isOfAccount ? { type: "account.updated", objectId: field(event, "merchant_id") } : otherOf(event);
}

function payment(event: unknown): MoneyFact {
  const object = fieldAt(event, "data", "object", "payment");
  const status = field(object, "status");
  if (status !== "COMPLETED" && status !== "FAILED") return otherOf(event);
  const type = status === "COMPLETED" ? "payment.succeeded" : "payment.failed";
  const id = field(object, "id") ?? dataId(event);
  // With the tip, which `amount_money` leaves out.
  return { type, money: moneyIn(field(object, "total_money")), objectId: id, version: [id] };
}

/** One that is linked to no payment goes by its own id. */
function refund(event: unknown): MoneyFact {
  const object = fieldAt(event, "data", "object", "refund");
  const id = field(object, "id") ?? dataId(event);
  const objectId = idText(field(object, "payment_id")) ?? id;
  if (field(object, "status") !== "COMPLETED") return { type: "other", objectId };
  return { type: "refund.created", money: moneyIn(field(object, "amount_money")), objectId, version: [id] };
}

/** A dispute may be won and lost after all, which is another version of it. */
function changedDispute(event: unknown): MoneyFact {
  const object = fieldAt(event, "data", "object", "dispute");
  const state = field(object, "state");
  if (!endedStates.has(state)) return { type: "other", objectId: disputedId(event) };
  return dispute("dispute.closed", event, [state, field(object, "version")]);
}

function dispute(type: PaymentEventType, event: unknown, version: readonly unknown[]): MoneyFact {
  const object = fieldAt(event, "data", "object", "dispute");
  const money = moneyIn(field(object, "amount_money"));
  return { type, money, objectId: disputedId(event), version: [disputeId(event), ...version] };
}

function disputeId(event: unknown): unknown {
  const object = fieldAt(event, "data", "object", "dispute");
  return field(object, "id") ?? field(object, "dispute_id") ?? dataId(event);
}

function disputedId(event: unknown): unknown {
  const paymentId = fieldAt(event, "data", "object", "dispute", "disputed_payment", "payment_id");
  return idText(paymentId) ?? disputeId(event);
}

/** An amount below zero is taken from the seller's bank account. */
function payout(type: PaymentEventType, event: unknown): MoneyFact {
  const object = fieldAt(event, "data", "object", "payout");
  const id = field(object, "id") ?? dataId(event);
  return { type, money: moneyIn(field(object, "amount_money")), objectId: id, version: [id] };
}

function otherOf(event: unknown): MoneyFact {
  return { type: "other", objectId: dataId(event) };
}

function dataId(event: unknown): unknown {
  return fieldAt(event, "data", "id");
}

/**
 * An integer in the currency's smallest unit, as ISO 4217 has it for all currencies that Square takes.
 * Source: https://developer.squareup.com/docs/build-basics/working-with-monetary-amounts
 */
function moneyIn(stated: unknown): NonNullable<EventDraft["money"]> {
  return moneyInMinorUnits(field(stated, "amount"), field(stated, "currency"));
}
