/**
 * What Shopify's topics mean for money. The topic isn't signed, so each takes the word of its own object in the signed
 * body: an object of another kind, or one whose state says otherwise, is money that a person has to look at.
 * Source: https://shopify.dev/docs/api/webhooks
 */
import type { AmountProblem, PaymentEventType } from "../../../../config/events.ts";
import { field } from "../../domain/exact-json.ts";
import { type Amount, absolute, fromMajorUnits } from "../../domain/money.ts";
import type { EventDraft } from "../../domain/payment-event.ts";
import { elementsOf, idText, msOfIso } from "../fields.ts";

type Money = NonNullable<EventDraft["money"]>;

export interface ShopifyFact {
  readonly type: PaymentEventType;
  readonly money?: Money;
  /** What makes another fact of the same object and amount: a dispute may be won, and later lost after all. */
  readonly outcome?: unknown;
}

interface Topic {
  readonly type: PaymentEventType;
  /** Whether the body is the topic's object, by fields that no other topic's object has together. */
  readonly isOwn: (body: unknown) => boolean;
  /** What the object says; undefined where it moves no money. */
  readonly read: (body: unknown) => Omit<ShopifyFact, "type"> | undefined;
}

export const shopifyTopics: ReadonlyMap<string, Topic> = new Map<string, Topic>([
  ["orders/paid", { type: "payment.succeeded", isOwn: isOrder, read: paidOrder }],
  ["order_transactions/create", { type: "payment.failed", isOwn: isTransaction, read: failedTransaction }],
  ["refunds/create", { type: "refund.created", isOwn: isRefund, read: refund }],
  ["disputes/create", { type: "dispute.opened", isOwn: isDispute, read: openedDispute }],
  ["disputes/update", { type: "dispute.closed", isOwn: isDispute, read: closedDispute }],
]);

/** Type and money of a webhook. Topics that aren't in the table move no money: `other` without amount. */
export function factOf(topicName: string, body: unknown): ShopifyFact {
  const topic = shopifyTopics.get(topicName);
  if (topic === undefined) return { type: "other" };
  if (!topic.isOwn(body)) return { type: topic.type, money: doubtful(body, "object_unexpected") };
  const fact = topic.read(body);
  return fact === undefined ? { type: "other" } : { type: topic.type, ...fact };
}

/**
 * Whether the object comes of a test: an order or a transaction that says so, or a refund whose transactions do.
 * Source: https://shopify.dev/docs/api/admin-rest/latest/resources/transaction
 */
export function isTest(body: unknown): boolean {
  const isMarked = (one: unknown) => field(one, "test") === true;
  const transactions = elementsOf(field(body, "transactions"));
  return isMarked(body) || (transactions.length > 0 && transactions.every(isMarked));
}

/** What has been paid once stays so: a webhook that comes late shows the order as it is by then. */
const paidStatuses: ReadonlySet<unknown> = new Set(["paid", "partially_refunded", "refunded"]);
const paymentKinds: ReadonlySet<unknown> = new Set(["authorization", "capture", "sale"]);
/** Source: https://shopify.dev/docs/api/customer/latest/enums/OrderTransactionKind, in lower case */
const transactionKinds: ReadonlySet<unknown> = new Set([
  ...paymentKinds,
  "card_approval",
  "card_decline",
  "change",
  "emv_authorization",
  "refund",
  "refund_emv_initiate",
  "suggested_refund",
  "void",
]);
const failedStatuses: ReadonlySet<unknown> = new Set(["failure", "error"]);
/** Source: https://shopify.dev/docs/api/admin-graphql/latest/enums/OrderTransactionStatus, in lower case */
const transactionStatuses: ReadonlySet<unknown> = new Set([
  ...failedStatuses,
  "awaiting_response",
  "pending",
  "success",
  "unknown",
]);
const openDisputeStatuses: ReadonlySet<unknown> = new Set(["needs_response", "under_review"]);
/** Source: https://shopify.dev/docs/api/admin-graphql/latest/enums/DisputeStatus, in lower case */
const disputeStatuses: ReadonlySet<unknown> = new Set([
  ...openDisputeStatuses,
  "accepted",
  "charge_refunded",
  "lost",
  "prevented",
  "won",
]);

function isOrder(body: unknown): boolean {
  return isIdentified(body) && typeof field(body, "financial_status") === "string";
}

function paidOrder(order: unknown): Omit<ShopifyFact, "type"> {
  const isPaid = paidStatuses.has(field(order, "financial_status"));
  return { money: isPaid ? moneyIn(order, "total_price") : doubtful(order, "status_contradicts") };
}

function isTransaction(body: unknown): boolean {
  const isOfKind = transactionKinds.has(field(body, "kind")) && transactionStatuses.has(field(body, "status"));
  return isIdentified(body) && belongsToOrder(body) && isOfKind;
}

/** A failed attempt to pay; a successful one is told by `orders/paid`. */
function failedTransaction(body: unknown): Omit<ShopifyFact, "type"> | undefined {
  return paymentKinds.has(field(body, "kind")) && hasFailed(body) ? { money: moneyIn(body, "amount") } : undefined;
}

function isRefund(body: unknown): boolean {
  return isIdentified(body) && belongsToOrder(body) && Array.isArray(field(body, "transactions"));
}

/**
 * A refund's money is the sum of its transactions, each in the currency that it was paid back in, whichever the shop's is
 * and whichever sign it has; a refund that only restocks has none and moves no money.
 */
function refund(body: unknown): Omit<ShopifyFact, "type"> | undefined {
  const transactions = elementsOf(field(body, "transactions")).filter(
    (transaction) => field(transaction, "kind") === "refund" && !hasFailed(transaction),
  );
  const [first] = transactions;
  if (first === undefined) return undefined;
  const amounts = transactions.map((one) => fromMajorUnits(field(one, "amount"), field(one, "currency")));
  return { money: { amount: absolute(amounts.reduce(sum)), currency: field(first, "currency") } };
}

function isDispute(body: unknown): boolean {
  const type = field(body, "type");
  const isOfKind = type === "chargeback" || type === "inquiry";
  const isDated = msOfIso(field(body, "initiated_at")) !== undefined;
  return isIdentified(body) && isOfKind && isDated && disputeStatuses.has(field(body, "status"));
}

function openedDispute(dispute: unknown): Omit<ShopifyFact, "type"> {
  return { money: moneyIn(dispute, "amount") };
}

/** Every status that isn't open any more is an outcome. */
function closedDispute(dispute: unknown): Omit<ShopifyFact, "type"> | undefined {
  const outcome = field(dispute, "status");
  return openDisputeStatuses.has(outcome) ? undefined : { money: moneyIn(dispute, "amount"), outcome };
}

function isIdentified(body: unknown): boolean {
  return idText(field(body, "id")) !== undefined;
}

function belongsToOrder(body: unknown): boolean {
  return idText(field(body, "order_id")) !== undefined;
}

function hasFailed(transaction: unknown): boolean {
  return failedStatuses.has(field(transaction, "status"));
}

function moneyIn(body: unknown, name: string): Money {
  const currency = field(body, "currency");
  return { amount: fromMajorUnits(field(body, name), currency), currency };
}

function doubtful(body: unknown, reason: AmountProblem): Money {
  return { amount: { kind: "unusable", reason }, currency: field(body, "currency") };
}

/** The sum of two amounts of one currency; unusable as soon as one of them is. */
function sum(left: Amount, right: Amount): Amount {
  if (left.kind === "unusable") return left;
  if (right.kind === "unusable") return right;
  if (left.currency !== right.currency) return { kind: "unusable", reason: "currency_unknown" };
  return { ...left, amountMinor: (BigInt(left.amountMinor) + BigInt(right.amountMinor)).toString() };
}
