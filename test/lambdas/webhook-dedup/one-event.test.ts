import type { ProviderName } from "../../../config/providers.ts";
import { samples } from "../shared/providers/samples.ts";
import {
  adyenRefund,
  aPipeline,
  braintreeRefund,
  dispute,
  gocardlessRefund,
  hmacRefund,
  mollieRefund,
  order,
  paddleRefund,
  paypalRefund,
  razorpayRefund,
  shopifyRefund,
  squareRefund,
  standardRefund,
  stripeEvent,
  type Webhook,
} from "./pipeline.ts";

describe("one event", () => {
  it.each([
    ["of another API version", { ...order, current_total_price: "409.94", total_price: "409.940" }],
    ["of chosen fields", { id: 1, financial_status: "paid", total_price: "409.94", currency: "USD" }],
    ["of another time", { ...order, updated_at: "2026-11-21T07:45:00Z" }],
    ["of an order refunded by now", { ...order, financial_status: "partially_refunded" }],
  ])("rule 9: of Shopify by two subscriptions, the second %s, is a duplicate", async (_, body) => {
    const { receive, bus, deadLetters } = aPipeline();
    expect(await receive("shopify", { topic: "orders/paid", deliveryId: "e-1", body: order })).toEqual(["processed"]);
    expect(await receive("shopify", { topic: "orders/paid", deliveryId: "e-1", body })).toEqual(["duplicate"]);
    expect([bus.events().length, deadLetters.letters.length]).toEqual([1, 0]);
  });

  it("rule 9: of Stripe by endpoints of two API versions is a duplicate", async () => {
    const { receive } = aPipeline();
    const rendering = (object: object) => ({ body: stripeEvent("evt_1", "refund.created", { id: "re_1", ...object }) });
    expect(await receive("stripe", rendering({ reason: null }))).toEqual(["processed"]);
    expect(await receive("stripe", rendering({ pending_reason: "processing" }))).toEqual(["duplicate"]);
  });

  const sent: Readonly<Record<ProviderName, Webhook>> = {
    stripe: { body: stripeEvent("evt_1", "refund.created", { id: "re_1" }) },
    github: { topic: "push", deliveryId: "d-1", body: { repository: { id: 1 }, after: "aa" } },
    shopify: { topic: "refunds/create", deliveryId: "e-1", body: shopifyRefund(11) },
    "standard-webhooks": { deliveryId: "msg_1", body: standardRefund("2026-11-21T06:00:00Z") },
    hmac: { deliveryId: "n-1", body: hmacRefund },
    paypal: { body: paypalRefund("WH-1", "1AB") },
    adyen: { body: adyenRefund({}) },
    square: { body: squareRefund("e-1", "r1") },
    paddle: { body: paddleRefund("evt_1", "adj_1") },
    razorpay: { deliveryId: "e-1", body: razorpayRefund("rfnd_1") },
    gocardless: { body: gocardlessRefund("EV1", "RF1-2000-GBP-PM7") },
    mollie: { body: mollieRefund("event_1", "re_1") },
    braintree: { body: braintreeRefund("aaaa1111") },
  };
  const transactionOf = (amount: string, currency = "USD") => [{ kind: "refund", status: "success", amount, currency }];
  const reuses: readonly (readonly [ProviderName, string, Webhook])[] = [
    ["stripe", "amount", { body: stripeEvent("evt_1", "refund.created", { id: "re_1", amount: 2_001 }) }],
    ["stripe", "currency", { body: stripeEvent("evt_1", "refund.created", { id: "re_1", currency: "eur" }) }],
    ["stripe", "object", { body: stripeEvent("evt_1", "refund.created", { id: "re_2" }) }],
    ["stripe", "payment", { body: stripeEvent("evt_1", "refund.created", { id: "re_1", payment_intent: "pi_2" }) }],
    ["stripe", "word", { body: stripeEvent("evt_1", "charge.dispute.created", { id: "re_1" }) }],
    ["stripe", "time", { body: stripeEvent("evt_1", "refund.created", { id: "re_1" }, { created: 1_795_247_991 }) }],
    ["github", "content", { topic: "push", deliveryId: "d-1", body: { repository: { id: 1 }, after: "bb" } }],
    ["github", "word", { topic: "release", deliveryId: "d-1", body: { repository: { id: 1 }, after: "aa" } }],
    ["shopify", "amount", { ...sent.shopify, body: { ...shopifyRefund(11), transactions: transactionOf("20.01") } }],
    [
      "shopify",
      "currency",
      { ...sent.shopify, body: { ...shopifyRefund(11), transactions: transactionOf("20.00", "EUR") } },
    ],
    ["shopify", "object of equal amount", { ...sent.shopify, body: shopifyRefund(12) }],
    ["shopify", "order", { ...sent.shopify, body: { ...shopifyRefund(11), order_id: 2 } }],
    [
      "standard-webhooks",
      "amount",
      {
        deliveryId: "msg_1",
        body: { ...standardRefund(""), data: { payment_id: "pay_R", amount: 1, currency: "USD" } },
      },
    ],
    [
      "standard-webhooks",
      "data of equal amount",
      {
        deliveryId: "msg_1",
        body: { type: "refund.created", data: { ...standardRefund("").data, refund_id: "rf_2" } },
      },
    ],
    ["paypal", "object of equal amount", { body: paypalRefund("WH-1", "2AB") }],
    ["paypal", "time", { body: paypalRefund("WH-1", "1AB", { create_time: "2026-11-21T07:00:01Z" }) }],
    ["paypal", "word", { body: paypalRefund("WH-1", "1AB", { event_type: "PAYMENT.CAPTURE.COMPLETED" }) }],
    ["square", "object of equal amount", { body: squareRefund("e-1", "r2") }],
    ["square", "time", { body: squareRefund("e-1", "r1", { created_at: "2026-11-21T07:00:01Z" }) }],
    ["square", "word", { body: squareRefund("e-1", "r1", { type: "refund.created" }) }],
    ["paddle", "object of equal amount", { body: paddleRefund("evt_1", "adj_2") }],
    ["paddle", "time", { body: paddleRefund("evt_1", "adj_1", { occurred_at: "2026-11-21T07:00:01Z" }) }],
    ["paddle", "word", { body: paddleRefund("evt_1", "adj_1", { event_type: "adjustment.created" }) }],
    ["razorpay", "object of equal amount", { deliveryId: "e-1", body: razorpayRefund("rfnd_2") }],
    ["razorpay", "time", { deliveryId: "e-1", body: razorpayRefund("rfnd_1", { created_at: 1_795_247_991 }) }],
    ["razorpay", "word", { deliveryId: "e-1", body: razorpayRefund("rfnd_1", { event: "refund.created" }) }],
    ["mollie", "object of equal amount", { body: mollieRefund("event_1", "re_2") }],
    ["mollie", "time", { body: mollieRefund("event_1", "re_1", { createdAt: "2026-11-21T07:00:01.0Z" }) }],
    ["mollie", "word", { body: mollieRefund("event_1", "re_1", { type: "refund.failed" }) }],
    ["hmac", "amount", { deliveryId: "n-1", body: { ...hmacRefund, amount: "20.01" } }],
    ["hmac", "transaction", { deliveryId: "n-1", body: { ...hmacRefund, transaction_id: "txS" } }],
    ["hmac", "time", { deliveryId: "n-1", body: { ...hmacRefund, occurred_at: "2026-11-21T07:00:00Z" } }],
    ["adyen", "amount", { body: adyenRefund({ amount: { currency: "USD", value: 2_001 } }) }],
    ["adyen", "currency", { body: adyenRefund({ amount: { currency: "EUR", value: 2_000 } }) }],
    ["adyen", "payment", { body: adyenRefund({ originalReference: "QFQTPCQ8HXSKGK83" }) }],
    ["adyen", "order", { body: adyenRefund({ merchantReference: "order-2" }) }],
    ["gocardless", "object of equal amount", { body: gocardlessRefund("EV1", "RF2-2000-GBP-PM7") }],
    ["gocardless", "amount", { body: gocardlessRefund("EV1", "RF1-2001-GBP-PM7") }],
    ["gocardless", "payment", { body: gocardlessRefund("EV1", "RF1-2000-GBP-PM8") }],
    ["gocardless", "word", { body: gocardlessRefund("EV1", "RF1-2000-GBP-PM7", { action: "paid" }) }],
    [
      "gocardless",
      "time",
      { body: gocardlessRefund("EV1", "RF1-2000-GBP-PM7", { created_at: "2026-11-21T08:00:00.123Z" }) },
    ],
    ["adyen", "account", { body: adyenRefund({ merchantAccountCode: "ExamplePOS" }) }],
  ];

  it("rule 9: of Braintree, whose id is made of all that it says, is a duplicate when it is sent again", async () => {
    const { receive, bus } = aPipeline();
    expect(await receive("braintree", sent.braintree)).toEqual(["processed"]);
    expect(await receive("braintree", sent.braintree)).toEqual(["duplicate"]);
    expect(bus.events()).toHaveLength(1);
  });

  it.each(reuses)("rule 15: an id of %s used again for another %s is dead-lettered", async (name, _, other) => {
    const { receive, bus, deadLetters } = aPipeline();
    await receive(name, sent[name]);
    expect(await receive(name, sent[name])).toEqual(["duplicate"]);
    const before = bus.events().length;
    expect(await receive(name, other)).toEqual(["event-id-reused"]);
    expect(bus.events()).toHaveLength(before);
    expect(deadLetters.letters).toMatchObject([{ reason: "event-id-reused" }]);
  });

  it("rule 15: an id used again for money whose amount is unusable is no duplicate of what had none", async () => {
    const { receive } = aPipeline();
    const update = (status: string) => ({ ...dispute, currency: null, status });
    await receive("shopify", { topic: "disputes/update", deliveryId: "e-1", body: update("under_review") });
    expect(await receive("shopify", { topic: "disputes/update", deliveryId: "e-1", body: update("lost") })).toEqual([
      "event-id-reused",
    ]);
  });

  it("rule 15: an item of Adyen's whose unsigned fields make it a payment is no duplicate of what was none", async () => {
    const credentials = [{ username: "adyen", password: "long-and-random" }];
    const value = { ...samples.adyen.secretValue, capture: "manual", credentials };
    const { receive, bus } = aPipeline({ fetchSecret: async () => ({ kind: "found", value }) });
    const headers = { authorization: `Basic ${Buffer.from("adyen:long-and-random").toString("base64")}` };
    const authorisation = (operations: readonly string[]) => ({
      body: adyenRefund({ eventCode: "AUTHORISATION", originalReference: "", operations }),
      headers,
    });
    expect(await receive("adyen", authorisation(["CAPTURE"]))).toEqual(["processed"]);
    expect(await receive("adyen", authorisation(["REFUND"]))).toEqual(["event-id-reused"]);
    expect(bus.events().map(({ type }) => type)).toEqual(["other"]);
  });

  it("rule 15: an id of Shopify used again for another status of the order is dead-lettered", async () => {
    const { receive } = aPipeline();
    await receive("shopify", {
      topic: "orders/paid",
      deliveryId: "e-1",
      body: { ...order, financial_status: "pending" },
    });
    expect(await receive("shopify", { topic: "orders/paid", deliveryId: "e-1", body: order })).toEqual([
      "event-id-reused",
    ]);
  });
});

describe("a header for the event's id that has no id in it", () => {
  const unusable = ["", " ", "\t", "\u00a0", "x".repeat(201), "a\u0000b", "a\u007f", "a\u200bb", "\ud800"];
  const unsignedIds: readonly (readonly [ProviderName, string, string, (n: number) => unknown])[] = [
    ["github", "x-github-delivery", "push", (n) => ({ repository: { id: n } })],
    ["shopify", "x-shopify-event-id", "orders/paid", (n) => ({ ...order, id: n })],
    ["shopify", "x-shopify-webhook-id", "orders/paid", (n) => ({ ...order, id: n })],
    ["razorpay", "x-razorpay-event-id", "", (n) => razorpayRefund(`rfnd_${n}`)],
    ["hmac", "x-webhook-id", "", (n) => ({ ...hmacRefund, transaction_id: `t${n}` })],
    ["hmac", "x-webhook-id", "", (n) => [{ ...hmacRefund, transaction_id: `t${n}` }, hmacRefund]],
  ];

  it.each(unsignedIds)("rule 6: of %s in %s counts as none", async (name, header, topic, bodyOf) => {
    const without = {
      "x-razorpay-event-id": undefined,
      "x-github-delivery": undefined,
      "x-shopify-event-id": undefined,
      "x-webhook-id": undefined,
    };
    const idsFor = async (headers: Webhook["headers"]) => {
      const { receive, transactions } = aPipeline();
      for (const n of [1, 2, 3]) await receive(name, { topic, body: bodyOf(n), headers: { ...without, ...headers } });
      return transactions.facts().map(({ event }) => event.eventId);
    };
    const hashes = await idsFor({});
    expect(hashes.every((id) => /^[a-z-]+:[0-9a-f]{64}$/.test(id))).toBe(true);
    for (const value of unusable) expect(await idsFor({ [header]: value })).toEqual(hashes);
    expect((await idsFor({ [header]: "usable" })).join()).toContain("usable");
  });

  it("rule 6: of Shopify leaves the other one to be used", async () => {
    const { receive, transactions } = aPipeline();
    const headers = { "x-shopify-event-id": "", "x-shopify-webhook-id": "w-1" };
    await receive("shopify", { topic: "orders/paid", body: order, headers });
    expect(transactions.facts()[0]?.event.eventId).toBe("shopify:w-1");
  });

  it("rule 6: that is signed, of a Standard Webhooks sender, counts as none", async () => {
    for (const deliveryId of unusable.slice(1)) {
      const { receive, transactions } = aPipeline();
      await receive("standard-webhooks", { deliveryId, body: standardRefund("2026-11-21T06:00:00Z") });
      await receive("standard-webhooks", { deliveryId, body: standardRefund("2026-11-21T07:00:00Z") });
      const ids = transactions.facts().map(({ event }) => event.eventId);
      expect(ids).toHaveLength(2);
      expect(ids.every((id) => /^standard-webhooks:[0-9a-f]{64}$/.test(id))).toBe(true);
    }
  });

  it("rule 6: and of Stripe, whose id is in the body, counts as none", async () => {
    for (const id of unusable) {
      const { receive, transactions } = aPipeline();
      await receive("stripe", { body: stripeEvent(id, "refund.created", { id: "re_1" }) });
      await receive("stripe", { body: stripeEvent(id, "refund.created", { id: "re_2" }) });
      expect(transactions.facts()).toHaveLength(2);
    }
  });
});
