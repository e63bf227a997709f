import fc from "fast-check";
import type { PaymentEventType } from "../../../../../config/events.ts";
import { factOf, shopifyTopics } from "../../../../../lambdas/shared/providers/shopify/facts.ts";

/** An order as Shopify's own sample has it, every amount another one. */
const order = {
  id: 820_982_911,
  financial_status: "paid",
  currency: "USD",
  presentment_currency: "EUR",
  total_price: "101.01",
  current_total_price: "102.02",
  subtotal_price: "103.03",
  current_subtotal_price: "104.04",
  total_line_items_price: "105.05",
  total_outstanding: "106.06",
  total_tax: "107.07",
  total_discounts: "108.08",
  total_price_set: { presentment_money: { amount: "109.09", currency_code: "EUR" } },
  refunds: [],
};
const transaction = {
  id: 120_560_818,
  order_id: 820_982_911,
  kind: "sale",
  status: "failure",
  gateway: "visa",
  amount: "201.01",
  amount_rounding: "0.02",
  currency: "USD",
  total_unsettled_set: { shop_money: { amount: "202.02", currency: "USD" } },
};
const refund = {
  id: 890_088_186,
  order_id: 820_982_911,
  transactions: [
    { ...transaction, kind: "refund", status: "success", amount: "301.01" },
    { ...transaction, kind: "refund", status: "pending", amount: "0.10" },
    { ...transaction, kind: "refund", status: "failure", amount: "302.02" },
    { ...transaction, kind: "refund", status: "error", amount: "303.03" },
    { ...transaction, kind: "sale", status: "success", amount: "304.04" },
  ],
  refund_line_items: [{ subtotal: 305.05, total_tax: 306.06 }],
  order_adjustments: [{ amount: "307.07", tax_amount: "308.08" }],
};
const dispute = {
  id: 285_332_461,
  order_id: 820_982_911,
  type: "chargeback",
  amount: "401.01",
  currency: "USD",
  reason: "fraudulent",
  network_reason_code: "4837",
  status: "needs_response",
  evidence_due_by: "2021-12-30T19:00:00-05:00",
  finalized_on: null,
  initiated_at: "2021-12-31T19:00:00-05:00",
};
const lost = { ...dispute, status: "lost" };

const table: readonly (readonly [string, object, PaymentEventType, string])[] = [
  ["orders/paid", order, "payment.succeeded", "10101"],
  ["order_transactions/create", transaction, "payment.failed", "20101"],
  ["refunds/create", refund, "refund.created", "30111"],
  ["disputes/create", dispute, "dispute.opened", "40101"],
  ["disputes/update", lost, "dispute.closed", "40101"],
];

const others = {
  draftOrder: { id: 890, order_id: null, status: "open", total_price: "436.00", currency: "USD" },
  fulfillmentEvent: { id: 1, order_id: 820_982_911, status: "in_transit", created_at: "2021-12-31T19:00:00-05:00" },
  product: { id: 788, status: "active", variants: [{ price: "19.99" }] },
  market: { id: 188, type: "region", status: "active" },
  nothing: {},
};

describe("what Shopify's topics mean for money", () => {
  it("has a row here for every topic", () => {
    expect(table.map(([topic]) => topic)).toEqual([...shopifyTopics.keys()]);
  });

  it.each(table)("rule 10: %s takes its own field, to the unit", (topic, body, type, amountMinor) => {
    expect(factOf(topic, body)).toMatchObject({ type, money: { amount: { kind: "exact", amountMinor } } });
  });

  it.each(table)("rule 10: %s makes no money of another topic's object", (topic, _, type) => {
    const bodies = [...table.filter(([name]) => name.split("/")[0] !== topic.split("/")[0]).map(([, body]) => body)];
    for (const body of [...bodies, ...Object.values(others)]) {
      const unexpected = { type, money: { amount: { kind: "unusable", reason: "object_unexpected" } } };
      expect(factOf(topic, body)).toMatchObject(unexpected);
    }
  });

  it("rule 10: only an object that is the topic's own, by every field that says so, has an amount", () => {
    const telling: Readonly<Record<string, readonly string[]>> = {
      "orders/paid": ["id", "financial_status", "total_price", "currency"],
      "order_transactions/create": ["id", "order_id", "kind", "status", "amount", "currency"],
      "refunds/create": ["id", "order_id", "transactions"],
      "disputes/create": ["id", "type", "initiated_at", "status", "amount", "currency"],
      "disputes/update": ["id", "type", "initiated_at", "status", "amount", "currency"],
    };
    for (const [topic, body, type] of table) {
      for (const name of telling[topic] ?? []) {
        fc.assert(
          fc.property(fc.constantFrom<unknown>(undefined, null, "", {}, true), (value) => {
            const fact = factOf(topic, { ...body, [name]: value });
            expect(fact).toMatchObject({ type, money: { amount: { kind: "unusable" } } });
          }),
        );
      }
    }
  });

  it.each(["paid", "partially_refunded", "refunded"])("rule 10: an order whose status is %s was paid", (status) => {
    expect(factOf("orders/paid", { ...order, financial_status: status })).toMatchObject({
      type: "payment.succeeded",
      money: { amount: { amountMinor: "10101" } },
    });
  });

  it.each(["pending", "authorized", "partially_paid", "voided", "expired", "PAID", ""])(
    "rule 10: an order told as paid whose signed status is %p waits for a person",
    (status) => {
      expect(factOf("orders/paid", { ...order, financial_status: status })).toEqual({
        type: "payment.succeeded",
        money: { amount: { kind: "unusable", reason: "status_contradicts" }, currency: "USD" },
      });
    },
  );

  it.each(["accepted", "charge_refunded", "lost", "prevented", "won"])("a dispute ends with %s", (status) => {
    const fact = factOf("disputes/update", { ...dispute, status });
    expect(fact).toMatchObject({ type: "dispute.closed", outcome: status });
  });

  it.each([
    ["disputes/update", { ...dispute, status: "under_review" }],
    ["disputes/update", dispute],
    ["order_transactions/create", { ...transaction, status: "success" }],
    ["order_transactions/create", { ...transaction, kind: "void" }],
    ["refunds/create", { ...refund, transactions: [] }],
    ["refunds/create", { ...refund, transactions: [{ ...transaction, kind: "refund" }] }],
    ["orders/create", order],
    ["products/update", others.product],
  ])("%s moves no money in a state that moves none", (topic, body) => {
    expect(factOf(topic, body)).toEqual({ type: "other" });
  });
});
