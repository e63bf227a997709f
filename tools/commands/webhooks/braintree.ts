import type { PaymentEventType } from "../../../config/events.ts";
import { majorUnits } from "../../../lambdas/shared/report/amount.ts";
import type { WebhookBuilder, WebhookOrder } from "./types.ts";

/** Elements by their names; text of an element without any; a list is one of `type="array"`. */
interface Elements {
  readonly [name: string]: string | readonly Elements[] | Elements;
}

interface Facts {
  /** Eight letters and digits, as Braintree's transactions have. */
  readonly paymentId: string;
  readonly ownId: string;
  readonly amount: string;
  readonly currency: string;
  readonly order: WebhookOrder;
  /** Of the day, as disbursements are dated. */
  readonly date: string;
}

/**
 * Braintree's kind of notification for each type, and the subject's object.
 * Source: https://developer.paypal.com/braintree/docs/reference/general/webhooks/overview
 */
const words: Readonly<Record<PaymentEventType, readonly [string, (facts: Facts) => Elements]>> = {
  "payment.succeeded": ["transaction_settled", (facts) => sale(facts, "settled")],
  "payment.failed": ["transaction_settlement_declined", (facts) => sale(facts, "settlement_declined")],
  "refund.created": ["transaction_settled", refund],
  "dispute.opened": ["dispute_opened", (facts) => dispute(facts, "open")],
  "dispute.closed": ["dispute_lost", (facts) => dispute(facts, "lost")],
  "payout.paid": ["disbursement", (facts) => disbursement(facts, {})],
  "payout.failed": ["disbursement_exception", (facts) => disbursement(facts, { "exception-message": "bank_rejected" })],
  "account.updated": [
    "sub_merchant_account_approved",
    ({ ownId }) => ({ "merchant-account": { id: ownId, status: "active" } }),
  ],
  other: ["check", () => ({ check: "true" })],
};

/** The XML of a notification. It has no id of its own: `--id` makes those of its objects. */
export const braintreeWebhook: WebhookBuilder = {
  types: Object.keys(words) as PaymentEventType[],
  build(order) {
    const [kind, subjectOf] = words[order.type];
    const timestamp = new Date(order.occurredAtMs).toISOString().replace(/\.\d+Z$/, "Z");
    const notification = { kind, timestamp, subject: subjectOf(factsOf(order)) };
    return { kind: "webhook", body: Buffer.from(xmlOf({ notification })), deliveryId: order.token, topic: kind };
  },
};

function factsOf(order: WebhookOrder): Facts {
  const { token, money, transactionId, occurredAtMs } = order;
  return {
    paymentId: transactionId ?? token.slice(0, 8),
    ownId: token.slice(8, 16),
    amount: money === undefined ? "0" : (majorUnits(money.amountMinor, money.currency) ?? "0"),
    currency: money?.currency ?? "USD",
    order,
    date: new Date(occurredAtMs).toISOString().slice(0, 10),
  };
}

function sale({ paymentId, amount, currency, order }: Facts, status: string): Elements {
  const { customerId, customerCountry, cardFingerprint, riskScore } = order;
  const transaction = {
    id: paymentId,
    status,
    type: "sale",
    "currency-iso-code": currency,
    amount,
    ...(customerId === undefined ? {} : { customer: { id: customerId } }),
    ...(customerCountry === undefined ? {} : { billing: { "country-code-alpha2": customerCountry } }),
    ...(cardFingerprint === undefined ? {} : { "credit-card": { "unique-number-identifier": cardFingerprint } }),
    ...(riskScore === undefined ? {} : { "risk-data": { "transaction-risk-score": String(Math.round(riskScore)) } }),
  };
  return { transaction };
}

function refund({ paymentId, ownId, amount, currency }: Facts): Elements {
  const transaction = { id: ownId, status: "settled", type: "credit", "currency-iso-code": currency, amount };
  return { transaction: { ...transaction, "refunded-transaction-id": paymentId } };
}

function dispute({ paymentId, ownId, amount, currency, date }: Facts, status: string): Elements {
  const transaction = { id: paymentId, amount };
  return {
    dispute: {
      id: ownId,
      "amount-disputed": amount,
      "currency-iso-code": currency,
      kind: "chargeback",
      reason: "fraud",
      status,
      "received-date": date,
      transaction,
    },
  };
}

function disbursement({ paymentId, amount, currency, date }: Facts, more: Elements): Elements {
  const isPaid = Object.keys(more).length === 0;
  return {
    disbursement: {
      id: paymentId,
      "transaction-ids": [],
      success: String(isPaid),
      "merchant-account": { id: "main", "currency-iso-code": currency },
      amount,
      "disbursement-date": date,
      ...more,
    },
  };
}

function xmlOf(elements: Elements): string {
  return Object.entries(elements)
    .map(([name, value]) => {
      if (typeof value === "string") return `<${name}>${escaped(value)}</${name}>`;
      if (!isList(value)) return `<${name}>${xmlOf(value)}</${name}>`;
      return `<${name} type="array">${value.map(xmlOf).join("")}</${name}>`;
    })
    .join("");
}

function isList(value: Elements | readonly Elements[]): value is readonly Elements[] {
  return Array.isArray(value);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
