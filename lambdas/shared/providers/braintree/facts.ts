/**
 * What Braintree's kinds of notification mean for money.
 * Source: https://developer.paypal.com/braintree/docs/reference/general/webhooks/overview and its pages for each group;
 * for what the objects look like, the references of Transaction, Dispute and Subscription, and the SDK's
 * webhook_testing_gateway.js.
 */
import type { AmountProblem, PaymentEventType } from "../../../../config/events.ts";
import { field, fieldAt } from "../../domain/exact-json.ts";
import { fromMajorUnits } from "../../domain/money.ts";
import type { EventDraft } from "../../domain/payment-event.ts";
import { elementsOf, idText, msOfIso } from "../fields.ts";
import type { MoneyFact } from "../money-fact.ts";

type Money = NonNullable<EventDraft["money"]>;

export interface BraintreeFact extends MoneyFact {
  /** The transaction that the customer paid by, where the notification shows it whole. */
  readonly transaction?: unknown;
}

type Read = (subject: unknown) => BraintreeFact;

/** Statuses of a transaction whose money is being taken, and of one whose money isn't. Authorized is neither. */
const takenStatuses: ReadonlySet<unknown> = new Set([
  "submitted_for_settlement",
  "settling",
  "settlement_confirmed",
  "settlement_pending",
  "settled",
]);
const failedStatuses: ReadonlySet<unknown> = new Set([
  "authorization_expired",
  "failed",
  "gateway_rejected",
  "processor_declined",
  "settlement_declined",
  "voided",
]);

/**
 * Kinds that aren't here move no money that another one doesn't tell: `other`. Among them are a refund that failed and
 * a dispute that was contested; a local payment that was reversed had no transaction, so that nothing was ever paid.
 *
 * Braintree tells of few payments: a sale by card is told when it belongs to a subscription, and (deprecated, but all
 * there is) when its money is disbursed. Two kinds about one transaction are one fact, since they have one version.
 */
const kinds: ReadonlyMap<string, Read> = new Map<string, Read>([
  ["transaction_settled", (subject) => settled(field(subject, "transaction"))],
  ["transaction_disbursed", (subject) => settled(field(subject, "transaction"))],
  ["transaction_settlement_declined", (subject) => declined(field(subject, "transaction"))],
  ["subscription_charged_successfully", (subject) => settled(newestCharge(subject), "sale")],
  ["subscription_charged_unsuccessfully", (subject) => declined(newestCharge(subject), "sale")],
  ["local_payment_completed", (subject) => localPayment(field(subject, "local-payment"))],
  ["local_payment_funded", (subject) => localPayment(field(subject, "local-payment-funded"))],
  ["dispute_opened", (subject) => dispute("dispute.opened", subject, "opened")],
  ["dispute_won", (subject) => dispute("dispute.closed", subject, "won")],
  ["dispute_lost", (subject) => dispute("dispute.closed", subject, "lost")],
  ["dispute_accepted", (subject) => dispute("dispute.closed", subject, "accepted")],
  ["dispute_auto_accepted", (subject) => dispute("dispute.closed", subject, "auto_accepted")],
  ["dispute_expired", (subject) => dispute("dispute.closed", subject, "expired")],
  ["disbursement", (subject) => disbursement(subject, "disbursement")],
  ["disbursement_exception", (subject) => disbursement(subject, "disbursement_exception")],
]);

export const braintreeKinds: readonly string[] = [...kinds.keys()];

/** Merchants that are connected to a platform. */
const accountKinds = /^(sub_merchant_account|connected_merchant|partner_merchant|oauth_access)_/;

export function factOf(kind: string, subject: unknown): BraintreeFact {
  // What was refused stands in the answer that refused it.
  const told = field(subject, "api-error-response") ?? subject;
  const read = kinds.get(kind);
  if (read !== undefined) return read(told);
  const object = Object.values(Object(told))[0];
  if (accountKinds.test(kind)) return { type: "account.updated", objectId: merchantId(object) };
  return { type: "other", objectId: transactionOf(told) };
}

/** A sale or a refund whose money moves. Braintree calls a refund a credit. */
function settled(transaction: unknown, assumed?: string): BraintreeFact {
  const kind = field(transaction, "type") ?? assumed;
  const type = kind === "credit" ? "refund.created" : "payment.succeeded";
  return ofTransaction(type, transaction, problemOf(kind, failedStatuses.has(field(transaction, "status"))));
}

/**
 * A sale whose money doesn't move after all; or a refund, which may have been told as settled before: that it gave nothing
 * back has no word of ours, so it is `other` with the amount that it takes back.
 */
function declined(transaction: unknown, assumed?: string): BraintreeFact {
  const kind = field(transaction, "type") ?? assumed;
  const type = kind === "credit" ? "other" : "payment.failed";
  return ofTransaction(type, transaction, problemOf(kind, takenStatuses.has(field(transaction, "status"))));
}

function problemOf(kind: unknown, isContradicted: boolean): AmountProblem | undefined {
  if (kind !== "sale" && kind !== "credit") return "object_unexpected";
  return isContradicted ? "status_contradicts" : undefined;
}

/** What the customer's bank has paid is a payment once Braintree has a transaction that takes it. */
function localPayment(payment: unknown): BraintreeFact {
  const transaction = field(payment, "transaction");
  const isTaken = takenStatuses.has(field(transaction, "status"));
  if (isTaken) return ofTransaction("payment.succeeded", transaction);
  return { type: "other", objectId: paymentId(transaction) ?? idText(field(payment, "payment-id")) };
}

/** The newest of a subscription's transactions, in whatever order they stand; the first where they have no time. */
function newestCharge(subject: unknown): unknown {
  const charges = elementsOf(fieldAt(subject, "subscription", "transactions"));
  const timeOf = (charge: unknown) => msOfIso(field(charge, "created-at")) ?? Number.NEGATIVE_INFINITY;
  return charges.reduce((newest, charge) => (timeOf(charge) > timeOf(newest) ? charge : newest), charges[0]);
}

function ofTransaction(type: PaymentEventType, transaction: unknown, problem?: AmountProblem): BraintreeFact {
  const currency = field(transaction, "currency-iso-code");
  const money = moneyOf(field(transaction, "amount"), currency);
  return {
    type,
    money: problem === undefined ? money : { amount: { kind: "unusable", reason: problem }, currency },
    objectId: paymentId(transaction),
    version: [idText(field(transaction, "id"))],
    transaction,
  };
}

/** A refund belongs to the sale that it returns. */
function paymentId(transaction: unknown): string | undefined {
  return idText(field(transaction, "refunded-transaction-id")) ?? idText(field(transaction, "id"));
}

function dispute(type: PaymentEventType, subject: unknown, outcome: string): BraintreeFact {
  const object = field(subject, "dispute");
  const id = idText(field(object, "id"));
  return {
    type,
    money: moneyOf(field(object, "amount-disputed") ?? field(object, "amount"), field(object, "currency-iso-code")),
    objectId: idText(fieldAt(object, "transaction", "id")) ?? id,
    version: [id, outcome],
  };
}

/** Money to the merchant's bank; below zero where Braintree takes it from there. */
function disbursement(subject: unknown, kind: string): BraintreeFact {
  const object = field(subject, "disbursement");
  const hasFailed = kind === "disbursement_exception" || field(object, "success") === "false";
  const isDebit = field(object, "disbursement-type") === "debit";
  const money = moneyOf(field(object, "amount"), fieldAt(object, "merchant-account", "currency-iso-code"));
  const id = idText(field(object, "id"));
  return {
    type: hasFailed ? "payout.failed" : "payout.paid",
    money: isDebit ? negative(money) : money,
    objectId: id,
    // One that failed may be tried again, on another day.
    version: [id, field(object, "disbursement-date")],
  };
}

function negative(money: Money): Money {
  const { amount } = money;
  if (amount.kind === "unusable" || amount.amountMinor.startsWith("-") || amount.amountMinor === "0") return money;
  return { ...money, amount: { ...amount, amountMinor: `-${amount.amountMinor}` } };
}

/** Decimal text in major units, as many decimals as the currency has. */
function moneyOf(amount: unknown, currency: unknown): Money {
  if (amount === undefined || amount === null)
    return { amount: { kind: "unusable", reason: "amount_missing" }, currency };
  return { amount: fromMajorUnits(amount, currency), currency };
}

function merchantId(object: unknown): string | undefined {
  const names = ["id", "merchant-public-id", "partner-merchant-id", "merchant-id"];
  return names.map((name) => idText(field(object, name))).find((id) => id !== undefined);
}

/** The payment that a notification without money in it is about, else the object that it shows. */
function transactionOf(subject: unknown): string | undefined {
  const [object] = Object.values(Object(subject));
  return (
    idText(fieldAt(subject, "dispute", "transaction", "id")) ??
    idText(field(object, "transaction-id")) ??
    paymentId(object) ??
    idText(field(object, "payment-id"))
  );
}
