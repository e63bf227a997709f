/** What Shopify's topics mean for money. Amounts are decimal text in major units. */
import type { PaymentEventType } from "../../../../config/events.ts";
import { field } from "../../domain/exact-json.ts";
import { type Amount, fromMajorUnits } from "../../domain/money.ts";
import type { EventDraft } from "../../domain/payment-event.ts";
import { elementsOf } from "../fields.ts";

export interface ShopifyFact {
  readonly type: PaymentEventType;
  readonly money?: NonNullable<EventDraft["money"]>;
}

/** Type and money of a webhook. Topics that aren't here move no money: `other` without amount. */
export function factOf(topic: string, body: unknown): ShopifyFact {
  switch (topic) {
    case "orders/paid":
      return isPaid(body) ? { type: "payment.succeeded", money: moneyIn(body, "total_price") } : { type: "other" };
    case "order_transactions/create":
      return failedTransaction(body);
    case "refunds/create":
      return refund(body);
    case "disputes/create":
      return { type: "dispute.opened", money: moneyIn(body, "amount") };
    case "disputes/update":
      return isFinal(body) ? { type: "dispute.closed", money: moneyIn(body, "amount") } : { type: "other" };
    default:
      return { type: "other" };
  }
}

function moneyIn(body: unknown, name: string): NonNullable<EventDraft["money"]> {
  const currency = field(body, "currency");
  return { amount: fromMajorUnits(field(body, name), currency), currency };
}

/** The topic isn't signed, so it takes the order's own word, in the signed body, to make a payment of it. */
function isPaid(order: unknown): boolean {
  return field(order, "financial_status") === "paid";
}

/** A failed attempt to pay; a successful one is told by `orders/paid`. */
function failedTransaction(body: unknown): ShopifyFact {
  const kind = field(body, "kind");
  const status = field(body, "status");
  const isPayment = kind === "sale" || kind === "capture" || kind === "authorization";
  const hasFailed = status === "failure" || status === "error";
  return isPayment && hasFailed ? { type: "payment.failed", money: moneyIn(body, "amount") } : { type: "other" };
}

/** Every other status is an outcome: won, lost, accepted, prevented, charge_refunded. */
function isFinal(dispute: unknown): boolean {
  const status = field(dispute, "status");
  return typeof status === "string" && status !== "needs_response" && status !== "under_review";
}

/** A refund's money is the sum of its transactions; a refund that only restocks has none and moves no money. */
function refund(body: unknown): ShopifyFact {
  const transactions = elementsOf(field(body, "transactions")).filter(
    (transaction) => field(transaction, "kind") === "refund" && field(transaction, "status") !== "failure",
  );
  const [first] = transactions;
  if (first === undefined) return { type: "other" };
  const amounts = transactions.map((one) => fromMajorUnits(field(one, "amount"), field(one, "currency")));
  return { type: "refund.created", money: { amount: amounts.reduce(sum), currency: field(first, "currency") } };
}

/** The sum of two amounts of one currency; unusable as soon as one of them is. */
function sum(left: Amount, right: Amount): Amount {
  if (left.kind === "unusable") return left;
  if (right.kind === "unusable") return right;
  if (left.currency !== right.currency) return { kind: "unusable", reason: "currency_unknown" };
  return { ...left, amountMinor: (BigInt(left.amountMinor) + BigInt(right.amountMinor)).toString() };
}
