import { parseExactJson } from "../../../../../lambdas/shared/domain/exact-json.ts";
import { translateShopify } from "../../../../../lambdas/shared/providers/shopify/translate.ts";
import { routingThresholdsUsd, tierOf } from "../../../../support/routing.ts";

const context = {
  provider: "shopify",
  receivedAt: "2026-11-21T08:00:00.500Z",
  correlationId: "c-1",
  bodySha256: "ab".repeat(32),
  routingThresholdsUsd,
} as const;

const translate = (topic: string, body: unknown, headers: Record<string, string> = { "x-shopify-event-id": "e-1" }) =>
  translateShopify({ body, headers: new Map(Object.entries({ "x-shopify-topic": topic, ...headers })) }, context, {
    testEvents: "record",
  })[0];

function eventOf(topic: string, body: unknown, headers?: Record<string, string>) {
  const item = translate(topic, body, headers);
  if (item?.kind !== "event") throw new Error("not an event");
  return item.event;
}

describe("translateShopify", () => {
  it("translates a paid order, with an id beyond 2^53", () => {
    const text = `{"id":820982911946154508,"financial_status":"paid","total_price":"10000.01","currency":"USD","customer":{"id":115310627314723954},
      "billing_address":{"country_code":"US"},"updated_at":"2026-11-21T03:00:00-05:00"}`;
    const parsed = parseExactJson(Buffer.from(text));
    if (parsed.kind === "invalid") throw new Error(parsed.message);
    expect(eventOf("orders/paid", parsed.value)).toEqual({
      eventId: "shopify:e-1:orders/paid",
      transactionId: "shopify:820982911946154508",
      provider: "shopify",
      type: "payment.succeeded",
      providerType: "orders/paid",
      objectVersion: expect.stringMatching(/^[0-9a-f]{64}$/),
      contentDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
      amountMinor: "1000001",
      currency: "USD",
      routingAmountUsd: 10_000.01,
      fxDate: "2026-11-20",
      signals: { customerCountry: "US" },
      customerId: "115310627314723954",
      occurredAt: "2026-11-21T08:00:00.000Z",
      receivedAt: context.receivedAt,
      correlationId: "c-1",
    });
  });

  it("rule 5: topics of one action are events of their own; a webhook id serves where there is no event id", () => {
    const order = { id: 1, total_price: "5.00", currency: "USD" };
    expect(eventOf("orders/create", order).eventId).not.toBe(eventOf("orders/paid", order).eventId);
    expect(eventOf("orders/paid", order, { "x-shopify-webhook-id": "w-1" }).eventId).toBe("shopify:w-1");
    expect(eventOf("orders/paid", order, {}).eventId).toBe(`shopify:${context.bodySha256}`);
  });

  it("rule 10: a refund's money is the exact sum of its transactions", () => {
    const transaction = (amount: string, currency = "USD") => ({ kind: "refund", status: "success", amount, currency });
    const refund = (transactions: object[]) => eventOf("refunds/create", { id: 9, order_id: 1, transactions });
    expect(refund([transaction("0.10"), transaction("0.20")])).toMatchObject({
      type: "refund.created",
      transactionId: "shopify:1",
      amountMinor: "30",
    });
    expect(refund([transaction("5"), { ...transaction("7"), status: "failure" }])).toMatchObject({
      amountMinor: "500",
    });
    expect(tierOf(refund([transaction("5"), transaction("5", "EUR")]))).toBe("unroutable");
    expect(tierOf(refund([transaction("5"), transaction("five")]))).toBe("unroutable");
    expect(refund([])).toMatchObject({ type: "other" });
  });

  it("rule 10: a refund in the customer's currency is what the customer got, whatever the shop's is", () => {
    const shop_money = { amount: "11.60", currency_code: "USD" };
    const presented = { kind: "refund", status: "success", amount: "10.00", currency: "EUR" };
    const event = eventOf("refunds/create", {
      id: 9,
      order_id: 1,
      transactions: [{ ...presented, total_unsettled_set: { shop_money } }],
      total_duties_set: { shop_money },
    });
    expect(event).toMatchObject({ type: "refund.created", amountMinor: "1000", currency: "EUR" });
  });

  it("rule 10: a refund that is stated below zero is as large", () => {
    const transactions = [{ kind: "refund", status: "success", amount: "-10.50", currency: "USD" }];
    expect(eventOf("refunds/create", { id: 9, order_id: 1, transactions }).amountMinor).toBe("1050");
  });

  describe("tests", () => {
    const order = { id: 1, financial_status: "paid", total_price: "5.00", currency: "USD", test: true };
    const failed = { id: 4, order_id: 1, kind: "sale", status: "failure", amount: "5.00", currency: "USD", test: true };
    const part = { kind: "refund", status: "success", amount: "5.00", currency: "USD", test: true };

    it.each([
      ["orders/paid", order],
      ["order_transactions/create", failed],
      ["refunds/create", { id: 9, order_id: 1, transactions: [part, part] }],
    ])("of %s are recorded without money, or routed where the settings say so", (topic, body) => {
      const event = eventOf(topic, body);
      expect(event).toMatchObject({ type: "other", providerType: topic });
      expect(tierOf(event)).toBe("unrouted");
      const webhook = { body, headers: new Map([["x-shopify-topic", topic]]) };
      const [routed] = translateShopify(webhook, context, { testEvents: "route" });
      if (routed?.kind !== "event") throw new Error("not an event");
      expect(tierOf(routed.event)).toBe("low");
    });

    it("don't hide real money: a refund of which a part is real is one", () => {
      const event = eventOf("refunds/create", { id: 9, order_id: 1, transactions: [part, { ...part, test: false }] });
      expect(event).toMatchObject({ type: "refund.created", amountMinor: "1000" });
    });
  });

  it("reads what an API version to come still has where it was, and guesses no amount where it hasn't", () => {
    const order = { id: 1, financial_status: "paid", currency: "USD" };
    expect(eventOf("orders/paid", { ...order, total_price: "5.00", unheard: {} }).amountMinor).toBe("500");
    expect(tierOf(eventOf("orders/paid", { ...order, totals: { price: "5.00" } }))).toBe("unroutable");
    expect(tierOf(eventOf("orders/settled", order))).toBe("unrouted");
  });

  it("tells a failed payment from a successful one, which the order tells", () => {
    const attempt = (status: string) => ({ id: 4, order_id: 1, kind: "sale", status, amount: "5.00", currency: "USD" });
    expect(eventOf("order_transactions/create", attempt("failure"))).toMatchObject({
      type: "payment.failed",
      amountMinor: "500",
    });
    expect(tierOf(eventOf("order_transactions/create", attempt("success")))).toBe("unrouted");
  });

  it("rule 10: a JPY price has no decimals", () => {
    const order = { id: 1, financial_status: "paid", currency: "JPY" };
    expect(eventOf("orders/paid", { ...order, total_price: "5000" }).amountMinor).toBe("5000");
    expect(tierOf(eventOf("orders/paid", { ...order, total_price: "50.5" }))).toBe("unroutable");
  });

  it("rule 10: an order told as paid that isn't is unroutable, and says why", () => {
    const event = eventOf("orders/paid", { id: 1, financial_status: "pending", total_price: "5.00", currency: "USD" });
    expect(event).toMatchObject({ type: "payment.succeeded", amountProblem: "status_contradicts", currency: "USD" });
    expect(tierOf(event)).toBe("unroutable");
  });

  it("rule 10: an order transaction told as a dispute is unroutable, and says why", () => {
    const body = { id: 4, order_id: 1, kind: "sale", status: "success", amount: "5.00", currency: "USD" };
    for (const topic of ["disputes/create", "disputes/update"]) {
      const event = eventOf(topic, body);
      expect(event).toMatchObject({ amountProblem: "object_unexpected", transactionId: "shopify:1" });
      expect(tierOf(event)).toBe("unroutable");
    }
  });

  it("rule 5: the version is the object's id, total and outcome, whatever else of it has changed", () => {
    const order = { id: 1, financial_status: "paid", total_price: "5.00", currency: "USD", updated_at: "x" };
    const versionOf = (changes: object, topic = "orders/paid") =>
      eventOf(topic, { ...order, ...changes }).objectVersion;
    for (const same of [
      { updated_at: "y" },
      { financial_status: "refunded" },
      { total_price: "5.0" },
      { tags: "vip" },
    ]) {
      expect(versionOf(same)).toBe(versionOf({}));
    }
    for (const other of [{ id: 2 }, { total_price: "5.01" }, { currency: "EUR" }, { financial_status: "pending" }]) {
      expect(versionOf(other)).not.toBe(versionOf({}));
    }
    const dispute = { type: "chargeback", initiated_at: "2026-11-20T10:00:00Z", amount: "5.00" };
    const won = versionOf({ ...dispute, status: "won" }, "disputes/update");
    expect(versionOf({ ...dispute, status: "lost" }, "disputes/update")).not.toBe(won);
    const opened = versionOf({ ...dispute, status: "needs_response" }, "disputes/create");
    expect(versionOf({ ...dispute, status: "under_review" }, "disputes/create")).toBe(opened);
    expect(versionOf({ id: undefined })).toBeUndefined();
  });

  it("records other topics without money", () => {
    expect(tierOf(eventOf("products/update", { id: 1, price: "5.00" }))).toBe("unrouted");
  });

  it("rule 4: needs a topic and an object", () => {
    expect(translate("", {})).toMatchObject({ kind: "invalid", code: "event_type_missing" });
    expect(translate("orders/paid", "text")).toMatchObject({ kind: "invalid", code: "body_not_object" });
  });
});
