import type { PaymentEventType } from "../../../config/events.ts";
import { wholeUnitCurrencies } from "../../../lambdas/shared/providers/paypal/capabilities.ts";
import { majorUnits } from "../../../lambdas/shared/report/amount.ts";
import { usage } from "../result.ts";
import type { WebhookBuilder, WebhookOrder } from "./types.ts";

type Resource = Readonly<Record<string, unknown>>;
interface Facts {
  /** 17 letters and digits, as PayPal's transactions have. */
  readonly paymentId: string;
  readonly ownId: string;
  readonly money: { readonly currency: string; readonly value: string };
  readonly payer: Resource;
  readonly time: string;
}

/** PayPal's name of each type, the resource's type, and the resource. Source: https://developer.paypal.com/api/rest/webhooks/event-names/ */
const words: Readonly<Record<PaymentEventType, readonly [string, string, (facts: Facts) => Resource]>> = {
  "payment.succeeded": ["PAYMENT.CAPTURE.COMPLETED", "capture", (facts) => capture(facts, "COMPLETED")],
  "payment.failed": ["PAYMENT.CAPTURE.DENIED", "capture", (facts) => capture(facts, "DECLINED")],
  "refund.created": ["PAYMENT.CAPTURE.REFUNDED", "refund", refund],
  "dispute.opened": ["CUSTOMER.DISPUTE.CREATED", "dispute", (facts) => dispute(facts, "OPEN")],
  "dispute.closed": ["CUSTOMER.DISPUTE.RESOLVED", "dispute", (facts) => dispute(facts, "RESOLVED")],
  "payout.paid": ["PAYMENT.PAYOUTS-ITEM.SUCCEEDED", "payouts_item", (facts) => payoutItem(facts, "SUCCESS")],
  "payout.failed": ["PAYMENT.PAYOUTS-ITEM.FAILED", "payouts_item", (facts) => payoutItem(facts, "FAILED")],
  "account.updated": [
    "MERCHANT.ONBOARDING.COMPLETED",
    "merchant-onboarding",
    ({ paymentId, ownId }) => ({ merchant_id: paymentId, tracking_id: ownId }),
  ],
  other: ["BILLING.PLAN.CREATED", "plan", ({ ownId }) => ({ id: `P-${ownId}`, status: "ACTIVE" })],
};

/** PayPal's event notification. Source: https://developer.paypal.com/api/webhooks/v1/definitions/event */
export const paypalWebhook: WebhookBuilder = {
  types: Object.keys(words) as PaymentEventType[],
  build(order) {
    const [name, resourceType, resourceOf] = words[order.type];
    const facts = factsOf(order);
    if (facts === undefined)
      return usage(`PayPal has no units below 1 ${order.money?.currency}: give a whole --amount.`);
    const eventId = order.eventId ?? `WH-${facts.ownId}-${idOf(order.token.slice(3))}`;
    const body = {
      id: eventId,
      event_version: "1.0",
      create_time: facts.time,
      resource_type: resourceType,
      resource_version: "2.0",
      event_type: name,
      resource: resourceOf(facts),
    };
    return { kind: "webhook", body, deliveryId: eventId, topic: name };
  },
};

/** Undefined for an amount with decimals where PayPal takes none. */
function factsOf({ token, money, transactionId, customerId, customerCountry, occurredAtMs }: WebhookOrder) {
  const major = money === undefined ? "0" : (majorUnits(money.amountMinor, money.currency) ?? "0");
  const isWhole = money !== undefined && wholeUnitCurrencies.has(money.currency);
  if (isWhole && /\.\d*[1-9]/.test(major)) return undefined;
  const facts: Facts = {
    paymentId: transactionId ?? idOf(token),
    ownId: idOf(token.slice(7)),
    money: { currency: money?.currency ?? "USD", value: isWhole ? major.replace(/\.0+$/, "") : major },
    payer: {
      ...(customerId === undefined ? {} : { payer_id: customerId }),
      ...(customerCountry === undefined ? {} : { address: { country_code: customerCountry } }),
    },
    time: new Date(occurredAtMs).toISOString(),
  };
  return facts;
}

function idOf(token: string): string {
  return token.slice(0, 17).toUpperCase();
}

function capture({ paymentId, money, payer, time }: Facts, status: string): Resource {
  return { id: paymentId, status, amount: amountOf(money), payer, final_capture: true, create_time: time };
}

function refund({ paymentId, ownId, money, time }: Facts): Resource {
  const href = `https://api.paypal.com/v2/payments/captures/${paymentId}`;
  const links = [{ rel: "up", method: "GET", href }];
  return { id: ownId, status: "COMPLETED", amount: amountOf(money), create_time: time, links };
}

function dispute({ paymentId, ownId, money, time }: Facts, status: string): Resource {
  return {
    dispute_id: `PP-R-${ownId}`,
    status,
    reason: "UNAUTHORISED",
    dispute_amount: amountOf(money),
    disputed_transactions: [{ seller_transaction_id: paymentId }],
    ...(status === "RESOLVED" && { dispute_outcome: { outcome_code: "RESOLVED_BUYER_FAVOUR" } }),
    create_time: time,
    update_time: time,
  };
}

/** Payouts say the currency by another word than everything else. */
function payoutItem({ paymentId, ownId, money, time }: Facts, status: string): Resource {
  return {
    payout_item_id: ownId,
    transaction_id: paymentId,
    transaction_status: status,
    payout_item: { recipient_type: "PAYPAL_ID", amount: money },
    time_processed: time,
  };
}

function amountOf({ currency, value }: Facts["money"]): Resource {
  return { currency_code: currency, value };
}
