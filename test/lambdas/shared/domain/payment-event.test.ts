import fc from "fast-check";
import * as v from "valibot";
import { paymentEventSchema } from "../../../../config/events.ts";
import { fromMinorUnits } from "../../../../lambdas/shared/domain/money.ts";
import { type EventDraft, plainText, toPaymentEvent } from "../../../../lambdas/shared/domain/payment-event.ts";
import { routingThresholdsUsd, tierOf } from "../../../support/routing.ts";

const context = {
  provider: "stripe",
  receivedAt: "2026-11-20T08:00:00.000Z",
  correlationId: "c-1",
  bodySha256: "ab".repeat(32),
  routingThresholdsUsd,
} as const;

const draft: EventDraft = {
  providerEventId: "evt_1",
  objectId: "pi_1",
  type: "payment.succeeded",
  providerType: "payment_intent.succeeded",
  contentDigest: "d1",
};

const eventOf = (changes: Partial<EventDraft>) => {
  const translation = toPaymentEvent({ ...draft, ...changes }, context);
  if (translation.kind === "invalid") throw new Error(translation.message);
  return translation.event;
};

describe("toPaymentEvent", () => {
  it("builds the canonical event", () => {
    const money = { amount: fromMinorUnits(1500000, "usd"), currency: "usd" };
    const signals = { cardFingerprint: "fp", cardCountry: "us", customerCountry: "DE", providerRiskScore: 12 };
    expect(
      eventOf({ money, signals, customerId: "cus_1", objectVersion: "v1", occurredAtMs: 1_795_248_000_000 }),
    ).toEqual({
      eventId: "stripe:evt_1",
      transactionId: "stripe:pi_1",
      provider: "stripe",
      type: "payment.succeeded",
      providerType: "payment_intent.succeeded",
      objectVersion: "v1",
      contentDigest: "d1",
      amountMinor: "1500000",
      currency: "USD",
      routingAmountUsd: 15_000,
      fxDate: "2026-11-20",
      signals: { cardFingerprint: "fp", cardCountry: "US", customerCountry: "DE", providerRiskScore: 12 },
      customerId: "cus_1",
      occurredAt: "2026-11-21T08:00:00.000Z",
      receivedAt: context.receivedAt,
      correlationId: "c-1",
    });
  });

  it("rule 6: falls back to the SHA-256 of the body without a usable id", () => {
    for (const providerEventId of [undefined, null, "", " ", "x".repeat(201), "a\u0000b", "\ud800", {}, true]) {
      expect(eventOf({ providerEventId }).eventId).toBe(`stripe:${context.bodySha256}`);
    }
    expect(eventOf({ providerEventId: undefined, objectId: undefined }).transactionId).toBe(
      `stripe:${context.bodySha256}`,
    );
  });

  it("rule 10: keeps the currency of an unusable amount and guesses nothing else", () => {
    const event = eventOf({ money: { amount: fromMinorUnits("1.5", "usd"), currency: "usd" } });
    expect(event).toMatchObject({ currency: "USD", amountProblem: "amount_malformed" });
    expect(event).not.toHaveProperty("amountMinor");
    expect(event).not.toHaveProperty("routingAmountUsd");
    const unknown = eventOf({ money: { amount: fromMinorUnits(5, "doubloons"), currency: "doubloons" } });
    expect(unknown).not.toHaveProperty("currency");
  });

  it.each([
    ["an unknown currency", 5, "doubloons", "currency_unknown"],
    ["more digits than any amount has", "9".repeat(31), "usd", "amount_too_large"],
    ["a currency without a rate", 5, "kpw", "rate_unknown"],
    ["a payment below zero", -5, "usd", "amount_negative"],
  ])("rule 11: says why there is no routing amount: %s", (_, amount, currency, amountProblem) => {
    const event = eventOf({ money: { amount: fromMinorUnits(amount, currency), currency } });
    expect(event).toMatchObject({ amountProblem });
    expect(tierOf(event)).toBe("unroutable");
  });

  it("rule 11: says that an object about money has none, and nothing of one that isn't about money", () => {
    expect(eventOf({})).toMatchObject({ amountProblem: "amount_missing" });
    expect(eventOf({ type: "other" })).not.toHaveProperty("amountProblem");
  });

  it("rule 10: keeps the exact amount of a payment below zero, and routes a refund below zero by its size", () => {
    const money = { amount: fromMinorUnits(-150000, "usd"), currency: "usd" };
    expect(eventOf({ money })).toMatchObject({ amountMinor: "-150000", currency: "USD" });
    expect(eventOf({ money, type: "refund.created" })).toMatchObject({ routingAmountUsd: 1_500 });
  });

  it("rule 10: makes no code of letters that only become Latin in upper case", () => {
    const event = eventOf({
      money: { amount: fromMinorUnits(5, "u\u017Fd"), currency: "u\u017Fd" },
      signals: { cardCountry: "\u00DF", customerCountry: "\u0131t" },
    });
    expect(event).toMatchObject({ signals: {} });
    expect(event).not.toHaveProperty("currency");
    expect(event.signals).toEqual({});
  });

  it("takes the time of receipt where there is no plausible other", () => {
    for (const occurredAtMs of [undefined, Number.NaN, 0, 1e18, -1]) {
      expect(eventOf({ occurredAtMs }).occurredAt).toBe(context.receivedAt);
    }
  });

  it("rule 4: gives an event that follows the contract, or a value, whatever it is given", () => {
    const anything = fc.anything();
    const drafts = fc.record({
      providerEventId: anything,
      objectId: anything,
      type: fc.constant("payment.succeeded" as const),
      providerType: anything,
      contentDigest: fc.constant("d1"),
      money: fc.record({
        amount: fc.tuple(anything, anything).map(([amount, currency]) => fromMinorUnits(amount, currency)),
        currency: anything,
      }),
      signals: fc.record({
        cardFingerprint: anything,
        cardCountry: anything,
        customerCountry: anything,
        providerRiskScore: anything,
      }),
      customerId: anything,
      occurredAtMs: fc.double(),
    });
    fc.assert(
      fc.property(drafts, (wild) => {
        const translation = toPaymentEvent(wild, context);
        if (translation.kind === "event") v.parse(paymentEventSchema, translation.event);
      }),
    );
  });
});

describe("ids that hold personal data", () => {
  it("carry digests, the same for the same text", () => {
    const translation = toPaymentEvent(
      {
        providerEventId: "ada@example.com",
        objectId: "4242424242424242",
        type: "other",
        providerType: "ada@example.com",
        contentDigest: "d1",
        signals: { cardFingerprint: "4242 4242 4242 4242" },
        customerId: "ada@example.com",
      },
      context,
    );

    const event = translation.kind === "event" ? translation.event : undefined;
    expect(JSON.stringify(event)).not.toMatch(/ada@|4242/);
    expect(event?.eventId).toBe(`${context.provider}:${event?.customerId}`);
  });
});

describe("plainText", () => {
  it.each([
    ["evt_1", "evt_1"],
    [820982911946154500, undefined],
    [12345, "12345"],
    ["Zürich ☃ 😀", "Zürich ☃ 😀"],
    ["\uffff", undefined],
    ["tab\there", undefined],
    ["evt\u202e1", undefined],
    ["evt\u200b1", undefined],
    ["", undefined],
    [" ", undefined],
    ["\u3000", undefined],
  ])("of %p is %p", (value, text) => {
    expect(plainText(value, 15)).toBe(text);
  });
});
