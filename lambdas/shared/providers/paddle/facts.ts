/**
 * What the events of Paddle Billing mean for money. Source: https://developer.paddle.com/webhooks/overview and, for what
 * the entities look like, the references of transactions, adjustments and payouts.
 */
import type { PaymentEventType } from "../../../../config/events.ts";
import { field, fieldAt } from "../../domain/exact-json.ts";
import type { EventDraft } from "../../domain/payment-event.ts";
import { elementsOf, idText, moneyInMinorUnits } from "../fields.ts";
import type { MoneyFact } from "../money-fact.ts";

type Read = (data: unknown) => MoneyFact;

/**
 * A transaction that is paid is completed once Paddle has processed it, which is the same money again: whichever comes
 * first is the payment, as is one that costs nothing, such as the beginning of a trial. An adjustment is told when it is
 * created and each time that its status changes; its status says what it is. A payout that fails isn't told, nor anything
 * of the seller's own account.
 */
const rules: ReadonlyMap<string, Read> = new Map<string, Read>([
  ["transaction.paid", payment],
  ["transaction.completed", payment],
  ["transaction.payment_failed", failedPayment],
  ["adjustment.created", adjustment],
  ["adjustment.updated", adjustment],
  ["payout.paid", payout],
]);

export const paddleEventTypes: readonly string[] = [...rules.keys()];

/**
 * The actions that move money between buyer and seller. A credit is set off against an invoice or kept as balance, and
 * nothing is paid back; a warning announces a chargeback, which has an adjustment of its own if it comes. A chargeback
 * that is won is told by its reversal; one that is lost isn't told again.
 * Source: https://developer.paddle.com/webhooks/adjustments/adjustment-created
 */
const adjustmentTypes: ReadonlyMap<unknown, PaymentEventType> = new Map<unknown, PaymentEventType>([
  ["refund", "refund.created"],
  ["chargeback", "dispute.opened"],
  ["chargeback_reverse", "dispute.closed"],
]);

/** Types that aren't in the table move no money: `other` without amount. */
export function factOf(eventType: string, data: unknown): MoneyFact {
  const read = rules.get(eventType);
  return read === undefined ? { type: "other", objectId: field(data, "id") } : read(data);
}

function payment(data: unknown): MoneyFact {
  const id = field(data, "id");
  return { type: "payment.succeeded", money: grandTotalOf(data), objectId: id, version: [id] };
}

/** Each attempt to pay fails for itself. Paddle lists the newest first. */
function failedPayment(data: unknown): MoneyFact {
  const attemptId = field(elementsOf(field(data, "payments"))[0], "payment_attempt_id");
  const fact = { type: "payment.failed", money: grandTotalOf(data), objectId: field(data, "id") } as const;
  return idText(attemptId) === undefined ? fact : { ...fact, version: [attemptId] };
}

/** Only what Paddle has approved is money: until then, and where it is rejected, it is `other`, as is one that is reversed. */
function adjustment(data: unknown): MoneyFact {
  const id = field(data, "id");
  const objectId = idText(field(data, "transaction_id")) ?? id;
  const type = adjustmentTypes.get(field(data, "action"));
  if (type === undefined || field(data, "status") !== "approved") return { type: "other", objectId };
  const currency = field(data, "currency_code");
  return { type, money: moneyInMinorUnits(fieldAt(data, "totals", "total"), currency), objectId, version: [id] };
}

function payout(data: unknown): MoneyFact {
  const id = field(data, "id");
  const money = moneyInMinorUnits(field(data, "amount"), field(data, "currency_code"));
  return { type: "payout.paid", money, objectId: id, version: [id] };
}

/**
 * What the buyer has to pay: after discount, tax and credit, and before any payment, which `balance` leaves out. Amounts
 * are digits in the currency's lowest denomination, as ISO 4217 has it for all currencies that Paddle takes.
 * Source: https://developer.paddle.com/api-reference/about/data-types
 */
function grandTotalOf(transaction: unknown): NonNullable<EventDraft["money"]> {
  const totals = fieldAt(transaction, "details", "totals");
  return moneyInMinorUnits(
    field(totals, "grand_total"),
    field(totals, "currency_code") ?? field(transaction, "currency_code"),
  );
}
