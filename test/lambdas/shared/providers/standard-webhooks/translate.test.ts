import { paymentEventTypes } from "../../../../../config/events.ts";
import { translateStandardWebhooks } from "../../../../../lambdas/shared/providers/standard-webhooks/translate.ts";
import { routingThresholdsUsd, tierOf } from "../../../../support/routing.ts";

const context = {
  provider: "standard-webhooks",
  receivedAt: "2026-11-21T08:00:00.500Z",
  correlationId: "c-1",
  bodySha256: "ab".repeat(32),
  routingThresholdsUsd,
} as const;

function translate(body: unknown, amountUnit: "minor" | "major" = "minor") {
  const headers = new Map([
    ["webhook-id", "msg_1"],
    ["webhook-signature", "v1,x"],
  ]);
  return translateStandardWebhooks({ body, headers }, context, { secrets: [], amountUnit })[0];
}

function eventOf(body: unknown, amountUnit?: "minor" | "major") {
  const item = translate(body, amountUnit);
  if (item?.kind !== "event") throw new Error("not an event");
  return item.event;
}

describe("translateStandardWebhooks", () => {
  it("translates the documented payload", () => {
    const data = {
      id: "x",
      payment_id: "pay_1",
      amount: 250_000,
      currency: "EUR",
      customer_id: "c_9",
      risk_score: 7,
      card_country: "FR",
    };
    expect(eventOf({ type: "payment.succeeded", timestamp: "2026-11-21T07:59:00.123456Z", data })).toMatchObject({
      eventId: "standard-webhooks:msg_1",
      transactionId: "standard-webhooks:pay_1",
      type: "payment.succeeded",
      amountMinor: "250000",
      currency: "EUR",
      routingAmountUsd: 2_900,
      customerId: "c_9",
      signals: { providerRiskScore: 7, cardCountry: "FR" },
      occurredAt: "2026-11-21T07:59:00.123Z",
    });
  });

  it("rule 10: reads the amount in the unit that the settings name, and no other", () => {
    const body = (amount: unknown) => ({ type: "payment.succeeded", data: { amount, currency: "USD" } });
    expect(eventOf(body(1_000)).amountMinor).toBe("1000");
    expect(eventOf(body(1_000), "major").amountMinor).toBe("100000");
    expect(tierOf(eventOf(body("10.00")))).toBe("unroutable");
    expect(tierOf(eventOf(body(null)))).toBe("unroutable");
  });

  it("rule 10: reads the amount from the field of that name and no other", () => {
    const others = { amount_refunded: 1, amount_due: 2, net: 3, fee: 4, total: 5, amounts: { amount: 6 } };
    for (const type of paymentEventTypes) {
      const body = { type, amount: 7, data: { ...others, amount: 808, currency: "USD" } };
      expect(eventOf(body)).toMatchObject({ type, amountMinor: "808" });
    }
  });

  it.each([
    ["payout.failed", "payout.failed"],
    ["dispute.created", "dispute.opened"],
    ["dispute.won", "dispute.closed"],
    ["payment.completed", "payment.succeeded"],
    ["contact.created", "other"],
    ["constructor", "other"],
  ])("%s is %s", (word, type) => {
    expect(eventOf({ type: word, data: { id: "o_1" } })).toMatchObject({ type, providerType: word });
  });

  it("an event without money is unrouted", () => {
    expect(tierOf(eventOf({ type: "contact.created", data: { id: "o_1" } }))).toBe("unrouted");
    expect(tierOf(eventOf({ type: "contact.created" }))).toBe("unrouted");
  });

  it("rule 5: has no version, since its signed id says what one fact is", () => {
    for (const data of [undefined, { id: "o_1" }, { payment_id: "pay_1", amount: 5, currency: "USD" }]) {
      expect(eventOf({ type: "refund.created", timestamp: "2026-11-21T07:00:00Z", data })).not.toHaveProperty(
        "objectVersion",
      );
    }
  });

  it("a ping, and what a sender tests with, is recorded and not routed", () => {
    for (const type of ["ping", "test", "webhook.test", "payment.succeeded.v2"]) {
      const event = eventOf({ type, timestamp: "2026-11-21T07:00:00Z", data: { success: true } });
      expect(event).toMatchObject({ type: "other", providerType: type });
      expect(tierOf(event)).toBe("unrouted");
    }
  });

  it("rule 4: needs a type", () => {
    for (const body of [null, [], {}, { type: 5 }]) {
      expect(translate(body)).toMatchObject({ kind: "invalid", code: "event_type_missing" });
    }
  });
});
