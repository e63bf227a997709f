import { type ProviderName, providerNames } from "../../../config/providers.ts";
import {
  adyenPayout,
  adyenRefund,
  aPipeline,
  braintreeRefund,
  dispute,
  gocardlessRefund,
  hmacRefund,
  mollieRefund,
  order,
  paddleRefund,
  paypalPayout,
  paypalRefund,
  razorpayRefund,
  shopifyRefund,
  squareRefund,
  standardRefund,
  stripeEvent,
  type Webhook,
} from "./pipeline.ts";

/** Two partial refunds of one payment, of equal amounts, as the provider tells them. */
const equalRefunds: readonly (readonly [ProviderName, string, Webhook, Webhook])[] = [
  [
    "stripe",
    "as refunds",
    { body: stripeEvent("evt_1", "refund.created", { id: "re_1" }) },
    { body: stripeEvent("evt_2", "refund.created", { id: "re_2" }) },
  ],
  [
    "stripe",
    "as sums of a charge, in an old API version",
    {
      body: {
        ...stripeEvent("evt_1", "charge.refunded", { id: "ch_1", amount_refunded: 500 }),
        api_version: "2020-08-27",
        data: {
          object: { id: "ch_1", currency: "usd", amount_refunded: 500 },
          previous_attributes: { amount_refunded: 0 },
        },
      },
    },
    {
      body: {
        ...stripeEvent("evt_2", "charge.refunded", {}),
        api_version: "2020-08-27",
        data: {
          object: { id: "ch_1", currency: "usd", amount_refunded: 1_000 },
          previous_attributes: { amount_refunded: 500 },
        },
      },
    },
  ],
  [
    "shopify",
    "under two event ids",
    { topic: "refunds/create", deliveryId: "e-1", body: shopifyRefund(11) },
    { topic: "refunds/create", deliveryId: "e-2", body: shopifyRefund(12) },
  ],
  [
    "standard-webhooks",
    "an hour apart",
    { deliveryId: "msg_1", body: standardRefund("2026-11-21T06:00:00Z") },
    { deliveryId: "msg_2", body: standardRefund("2026-11-21T07:00:00Z") },
  ],
  [
    "standard-webhooks",
    "within a second",
    { deliveryId: "msg_1", body: standardRefund("2026-11-21T06:00:00Z") },
    { deliveryId: "msg_2", body: standardRefund("2026-11-21T06:00:00Z") },
  ],
  ["paypal", "as refunds", { body: paypalRefund("WH-1", "1AB") }, { body: paypalRefund("WH-2", "2AB") }],
  ["square", "as refunds", { body: squareRefund("e-1", "r1") }, { body: squareRefund("e-2", "r2") }],
  ["paddle", "as adjustments", { body: paddleRefund("evt_1", "adj_1") }, { body: paddleRefund("evt_2", "adj_2") }],
  [
    "razorpay",
    "as refunds",
    { deliveryId: "e-1", body: razorpayRefund("rfnd_1") },
    { deliveryId: "e-2", body: razorpayRefund("rfnd_2") },
  ],
  ["mollie", "as refunds", { body: mollieRefund("event_1", "re_1") }, { body: mollieRefund("event_2", "re_2") }],
  ["braintree", "as transactions", { body: braintreeRefund("aaaa1111") }, { body: braintreeRefund("bbbb2222") }],
  ["hmac", "under two ids", { deliveryId: "n-1", body: hmacRefund }, { deliveryId: "n-2", body: hmacRefund }],
  [
    "hmac",
    "under two ids, of one time",
    { deliveryId: "n-1", body: { ...hmacRefund, occurred_at: "2026-11-21T00:00:00Z" } },
    { deliveryId: "n-2", body: { ...hmacRefund, occurred_at: "2026-11-21T00:00:00Z" } },
  ],
  [
    "hmac",
    "without ids, of two times",
    { body: { ...hmacRefund, occurred_at: "2026-11-21T06:00:00Z" } },
    { body: { ...hmacRefund, occurred_at: "2026-11-21T07:00:00Z" } },
  ],
  [
    "gocardless",
    "as refunds",
    { body: gocardlessRefund("EV1", "RF1-2000-GBP-PM7") },
    { body: gocardlessRefund("EV2", "RF2-2000-GBP-PM7") },
  ],
  ["adyen", "as refunds", { body: adyenRefund({}) }, { body: adyenRefund({ pspReference: "R2" }) }],
];

describe("two facts", () => {
  it.each(equalRefunds)("rule 5: two equal partial refunds of %s, %s, are both routed", async (name, _, one, two) => {
    const { receive, transactions, bus } = aPipeline();
    expect([...(await receive(name, one)), ...(await receive(name, two))]).toEqual(["processed", "processed"]);
    const facts = transactions.facts();
    expect(facts.map(({ event, sameFactAs }) => [event.type, sameFactAs])).toEqual([
      ["refund.created", undefined],
      ["refund.created", undefined],
    ]);
    expect(new Set(facts.map(({ event }) => event.transactionId)).size).toBe(1);
    expect(new Set(facts.map(({ event }) => event.amountMinor)).size).toBe(1);
    expect(bus.events().map(({ eventId }) => eventId)).toEqual(facts.map(({ event }) => event.eventId));
    // Sent again, each is a duplicate.
    expect([...(await receive(name, one)), ...(await receive(name, two))]).toEqual(["duplicate", "duplicate"]);
  });

  it("rule 5: the table above has every provider that tells of money", () => {
    expect(new Set(equalRefunds.map(([name]) => name))).toEqual(
      new Set(providerNames.filter((name) => name !== "github")),
    );
  });

  it("rule 5: two equal items of a batch with an id are both routed", async () => {
    const { receive, bus } = aPipeline();
    expect(await receive("hmac", { deliveryId: "n-1", body: [hmacRefund, hmacRefund] })).toEqual([
      "processed",
      "processed",
    ]);
    expect(bus.events()).toHaveLength(2);
  });

  it("rule 5: two payments are, whose sender puts an account where the payment belongs", async () => {
    const { receive, bus } = aPipeline();
    const body = (timestamp: string) => ({
      type: "payment.succeeded",
      timestamp,
      data: { id: "acct_1", amount: 2_000, currency: "USD" },
    });
    await receive("standard-webhooks", { deliveryId: "msg_1", body: body("2026-11-21T06:00:00Z") });
    await receive("standard-webhooks", { deliveryId: "msg_2", body: body("2026-11-21T07:00:00Z") });
    expect(bus.events()).toHaveLength(2);
  });
});

const paddlePayment = (event_id: string, event_type: string) => ({
  ...{ event_id, event_type, occurred_at: "2026-11-21T07:00:00.123456Z" },
  data: { id: "txn_1", details: { totals: { grand_total: "2000", currency_code: "USD" } } },
});

const paypalCapture = (eventId: string, end: string) => ({
  ...paypalPayout(eventId, end),
  event_type: `PAYMENT.CAPTURE.${end}`,
  resource: { id: "CAPTURE1", amount: { currency_code: "USD", value: "20.00" } },
});

const razorpayPayment = (event: string, more: object = {}) => ({
  ...{ event, created_at: 1_795_247_990 },
  payload: { payment: { entity: { id: "pay_1", amount: 2_000, currency: "INR" } }, ...more },
});

describe("one fact", () => {
  const replays: readonly (readonly [string, ProviderName, Webhook, Webhook])[] = [
    [
      "a Stripe object",
      "stripe",
      { body: stripeEvent("evt_1", "refund.created", { id: "re_1" }) },
      { body: stripeEvent("evt_2", "refund.created", { id: "re_1" }, { pending_webhooks: 3 }) },
    ],
    [
      "a paid order in a later state",
      "shopify",
      { topic: "orders/paid", deliveryId: "e-1", body: order },
      {
        topic: "orders/paid",
        deliveryId: "e-2",
        body: { ...order, financial_status: "refunded", updated_at: "2026-11-21T07:30:00Z", tags: "vip" },
      },
    ],
    [
      "a refund with more in it",
      "shopify",
      { topic: "refunds/create", deliveryId: "e-1", body: shopifyRefund(11) },
      { topic: "refunds/create", deliveryId: "e-2", body: { ...shopifyRefund(11), note: "later" } },
    ],
    [
      "a dispute that is under review by now",
      "shopify",
      { topic: "disputes/create", deliveryId: "e-1", body: dispute },
      { topic: "disputes/create", deliveryId: "e-2", body: { ...dispute, status: "under_review" } },
    ],
    [
      "a payout of PayPal's that comes back, under two of its words",
      "paypal",
      { body: paypalPayout("WH-1", "RETURNED") },
      { body: paypalPayout("WH-2", "FAILED") },
    ],
    [
      "a payout of PayPal's that is canceled before it has a transaction, and returned with one",
      "paypal",
      { body: paypalPayout("WH-1", "CANCELED") },
      { body: paypalPayout("WH-2", "RETURNED", { transaction_id: "T1" }) },
    ],
    [
      "a capture of PayPal's that fails, under two of its words",
      "paypal",
      { body: paypalCapture("WH-1", "DENIED") },
      { body: paypalCapture("WH-2", "DECLINED") },
    ],
    [
      "a payout of Adyen's platform that is booked when it is made, and told of again",
      "adyen",
      { body: adyenPayout("created", 1) },
      { body: adyenPayout("updated", 2) },
    ],
    [
      "a refund of Square's that is told when it is made and when it is done",
      "square",
      { body: squareRefund("e-1", "r1", { type: "refund.created" }) },
      { body: squareRefund("e-2", "r1", { created_at: "2026-11-21T07:10:00Z" }) },
    ],
    [
      "a transaction of Paddle's that is paid, and completed later",
      "paddle",
      { body: paddlePayment("evt_1", "transaction.paid") },
      { body: paddlePayment("evt_2", "transaction.completed") },
    ],
    [
      "a payment of Razorpay's that is captured, and pays an order",
      "razorpay",
      { deliveryId: "e-1", body: razorpayPayment("payment.captured") },
      { deliveryId: "e-2", body: razorpayPayment("order.paid", { order: { entity: { id: "order_1" } } }) },
    ],
    [
      "the very same refund of Razorpay's",
      "razorpay",
      { deliveryId: "e-1", body: razorpayRefund("rfnd_1") },
      { deliveryId: "e-2", body: razorpayRefund("rfnd_1") },
    ],
    [
      "a refund of Mollie's, told by a second webhook",
      "mollie",
      { body: mollieRefund("event_1", "re_1") },
      { body: mollieRefund("event_2", "re_1", { createdAt: "2026-11-21T07:00:01.0Z" }) },
    ],
    [
      "a transaction of Braintree's that is told of again",
      "braintree",
      { body: braintreeRefund("aaaa1111") },
      { body: braintreeRefund("aaaa1111", { timestamp: "2026-11-21T07:10:00Z" }) },
    ],
    [
      "a transaction of Braintree's that is settled, and disbursed later",
      "braintree",
      { body: braintreeRefund("aaaa1111") },
      { body: braintreeRefund("aaaa1111", { timestamp: "2026-11-21T07:20:00Z", kind: "transaction_disbursed" }) },
    ],
    [
      "a notification without an id, written differently",
      "hmac",
      { body: { ...hmacRefund, occurred_at: "2026-11-21T06:00:00Z" } },
      { body: Buffer.from(JSON.stringify({ ...hmacRefund, occurred_at: "2026-11-21T06:00:00Z" }, undefined, 2)) },
    ],
  ];

  it.each(replays)("rule 5: %s under a second event id is kept, and routed once", async (_, name, one, two) => {
    const { receive, transactions, bus } = aPipeline();
    expect(await receive(name, one)).toEqual(["processed"]);
    expect(await receive(name, two)).toEqual(["same-fact"]);
    expect(bus.events()).toHaveLength(1);
    expect(transactions.facts()[1]?.sameFactAs).toBe(bus.events()[0]?.eventId);
  });

  it("rule 5: that is skipped is logged with its tier, and its claim says whose it is", async () => {
    const { receive, claims, log } = aPipeline();
    await receive("shopify", { topic: "orders/paid", deliveryId: "e-1", body: order });
    await receive("shopify", { topic: "orders/paid", deliveryId: "e-2", body: order });
    expect(log.lines.at(-1)).toMatchObject({
      level: "info",
      text: "record done",
      outcome: "same-fact",
      tier: "low",
      eventId: "shopify:e-2:orders/paid",
    });
    const result = "same fact as shopify:e-1:orders/paid";
    expect(claims.records.get("shopify:e-2:orders/paid")).toMatchObject({ status: "SKIPPED", result });
  });

  it("rule 10: an unpaid order told as paid takes nothing from the payment that follows", async () => {
    const { receive, bus } = aPipeline();
    const pending = { ...order, financial_status: "pending" };
    expect(await receive("shopify", { topic: "orders/paid", deliveryId: "forged", body: pending })).toEqual([
      "processed",
    ]);
    expect(await receive("shopify", { topic: "orders/paid", deliveryId: "e-1", body: order })).toEqual(["processed"]);
    expect(bus.events().map(({ amountMinor }) => amountMinor)).toEqual([undefined, "40994"]);
  });
});
