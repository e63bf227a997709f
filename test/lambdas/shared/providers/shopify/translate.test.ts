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
  translateShopify({ body, headers: new Map(Object.entries({ "x-shopify-topic": topic, ...headers })) }, context)[0];

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
      objectVersion: context.bodySha256,
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

  it.each([
    ["disputes/create", "needs_response", "dispute.opened"],
    ["disputes/update", "under_review", "other"],
    ["disputes/update", "won", "dispute.closed"],
    ["disputes/update", "lost", "dispute.closed"],
  ])("%s with status %s is %s", (topic, status, type) => {
    const event = eventOf(topic, { id: 3, order_id: 1, amount: "11.50", currency: "USD", status });
    expect(event).toMatchObject({ type, transactionId: "shopify:1" });
    expect(event.amountMinor).toBe(type === "other" ? undefined : "1150");
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

  it.each(["pending", "authorized", "partially_paid", "refunded", "voided", "PAID", null, undefined])(
    "the unsigned topic alone makes no payment of an order whose signed status is %s",
    (status) => {
      const order = { id: 1, total_price: "5.00", currency: "USD", financial_status: status };
      const event = eventOf("orders/paid", order);
      expect(event).toMatchObject({ type: "other", providerType: "orders/paid" });
      expect(event.amountMinor).toBeUndefined();
      expect(tierOf(event)).toBe("unrouted");
    },
  );

  it("records other topics without money", () => {
    expect(tierOf(eventOf("products/update", { id: 1, price: "5.00" }))).toBe("unrouted");
  });

  it("rule 4: needs a topic and an object", () => {
    expect(translate("", {})).toMatchObject({ kind: "invalid", code: "event_type_missing" });
    expect(translate("orders/paid", "text")).toMatchObject({ kind: "invalid", code: "body_not_object" });
  });
});
