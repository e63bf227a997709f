import type { PaymentEventType } from "../../../config/events.ts";
import { majorUnits } from "../../../lambdas/shared/report/amount.ts";
import { usage } from "../result.ts";
import type { WebhookBuilder, WebhookOrder } from "./types.ts";

type Resource = Readonly<Record<string, unknown>>;

/** The topic of each type and its resource. Amounts are text in major units. Source: https://shopify.dev/docs/api/webhooks */
const topics: ReadonlyMap<PaymentEventType, readonly [string, (order: Facts) => Resource]> = new Map([
  ["payment.succeeded", ["orders/paid", paidOrder]],
  ["payment.failed", ["order_transactions/create", failedSale]],
  ["refund.created", ["refunds/create", refund]],
  ["dispute.opened", ["disputes/create", (facts: Facts) => dispute(facts, "needs_response")]],
  ["dispute.closed", ["disputes/update", (facts: Facts) => dispute(facts, "lost")]],
  [
    "other",
    ["app/uninstalled", ({ ownId }: Facts) => ({ id: ownId, name: "Example", domain: "example.myshopify.com" })],
  ],
]);

/** An order in Shopify's terms: its ids are numbers. */
interface Facts {
  readonly orderId: number;
  readonly ownId: number;
  readonly amount: string;
  readonly currency: string;
  readonly customer: Resource | null;
  readonly country: string | undefined;
  readonly time: string;
}

export const shopifyWebhook: WebhookBuilder = {
  types: [...topics.keys()],
  build(order) {
    const found = topics.get(order.type);
    if (found === undefined) return usage(`Shopify tells nothing of ${order.type}.`);
    const facts = factsOf(order);
    if (facts === undefined) return usage("Shopify's ids are numbers: give digits as --transaction and --customer.");
    const [topic, resourceOf] = found;
    return { kind: "webhook", body: resourceOf(facts), deliveryId: order.eventId ?? order.token, topic };
  },
};

function factsOf({
  token,
  money,
  transactionId,
  customerId,
  customerCountry,
  occurredAtMs,
}: WebhookOrder): Facts | undefined {
  if ([transactionId, customerId].some((id) => id !== undefined && !/^\d{1,15}$/.test(id))) return undefined;
  const orderId = transactionId === undefined ? Number.parseInt(token.slice(0, 12), 16) : Number(transactionId);
  return {
    orderId,
    ownId: Number.parseInt(token.slice(12), 16),
    amount: money === undefined ? "0" : (majorUnits(money.amountMinor, money.currency) ?? "0"),
    currency: money?.currency ?? "USD",
    customer: customerId === undefined ? null : { id: Number(customerId) },
    country: customerCountry,
    time: new Date(occurredAtMs).toISOString(),
  };
}

function paidOrder({ orderId, amount, currency, customer, country, time }: Facts): Resource {
  return {
    id: orderId,
    admin_graphql_api_id: `gid://shopify/Order/${orderId}`,
    created_at: time,
    updated_at: time,
    financial_status: "paid",
    currency,
    total_price: amount,
    customer,
    ...(country === undefined ? {} : { billing_address: { country_code: country } }),
    line_items: [],
  };
}

function failedSale({ orderId, ownId, amount, currency, time }: Facts): Resource {
  return { id: ownId, order_id: orderId, kind: "sale", status: "failure", amount, currency, created_at: time };
}

function refund({ orderId, ownId, amount, currency, time }: Facts): Resource {
  const transaction = { id: ownId, order_id: orderId, kind: "refund", status: "success", amount, currency };
  return { id: ownId, order_id: orderId, created_at: time, processed_at: time, transactions: [transaction] };
}

function dispute({ orderId, ownId, amount, currency, time }: Facts, status: string): Resource {
  const type = "chargeback";
  return { id: ownId, order_id: orderId, type, reason: "fraudulent", status, amount, currency, initiated_at: time };
}
