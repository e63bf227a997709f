import * as fc from "fast-check";
import type { PaymentEvent } from "../../../config/events.ts";
import { minorUnitExponents } from "../../../config/money.ts";
import { type ProviderName, providerNames } from "../../../config/providers.ts";
import { webhookBuilders } from "../../../tools/commands/webhooks/index.ts";
import { signWebhook } from "../../../tools/commands/webhooks/sign-webhook.ts";
import type { WebhookOrder } from "../../../tools/commands/webhooks/types.ts";
import { nowMs, opened, samples } from "../../lambdas/shared/providers/samples.ts";
import { routingThresholdsUsd } from "../../support/routing.ts";

const token = "0123456789abcdef01234567";

/** The event that the validator makes of an order: built, signed, verified and translated. */
function eventOf(provider: ProviderName, order: Partial<WebhookOrder>, settings: object = {}): PaymentEvent {
  const secretValue = { ...samples[provider].secretValue, ...settings };
  const webhook = webhookBuilders[provider].build({ type: "other", token, occurredAtMs: nowMs, ...order }, secretValue);
  if (webhook.kind === "usage") throw new Error(webhook.message);
  const { body, headers: sent } = signWebhook(provider, webhook, { secretValue, nowMs });
  const headers = new Map(Object.entries({ ...sent, ...samples[provider].prepared }));
  const scheme = opened(provider, secretValue);
  expect(scheme.verify({ headers, body }, nowMs)).toEqual({ kind: "valid" });
  const parsed = scheme.parse(body);
  if (parsed.kind === "invalid") throw new Error(parsed.message);
  const context = {
    provider,
    receivedAt: new Date(nowMs).toISOString(),
    correlationId: "c",
    bodySha256: "a".repeat(64),
    routingThresholdsUsd,
  };
  const [translation] = scheme.translate({ body: parsed.value, headers }, context);
  if (translation?.kind !== "event") throw new Error(translation?.message ?? "no event");
  return translation.event;
}

const money = { amountMinor: "1250050", currency: "USD" };
const everyType = providerNames.flatMap((provider) =>
  webhookBuilders[provider].types.map((type) => [provider, type] as const),
);

describe("webhooks to send", () => {
  it.each(everyType)("of %s say %s as ordered", (provider, type) => {
    const hasMoney = type !== "other" && type !== "account.updated";
    const event = eventOf(provider, { type, ...(hasMoney ? { money } : {}) });
    expect(event).toMatchObject({ provider, type, ...(hasMoney ? money : {}) });
    expect(event.eventId).toMatch(new RegExp(`^${provider}:`));
  });

  it.each([
    ["stripe", "pi_7"],
    ["shopify", "7"],
    ["standard-webhooks", "pay_7"],
    ["hmac", "txn_7"],
    ["paypal", "29Y24445UY2083144"],
    ["adyen", "QFQTPCQ8HXSKGK82"],
    ["square", "hYy9pRFVxpDsO1FB05SunFWUe9JZY"],
    ["paddle", "txn_01gm302t81w94gyjpjpqypkzkf"],
    ["razorpay", "pay_DESlfW9H8K9uqM"],
    ["mollie", "tr_7"],
  ] as const)("of %s about one payment share its transaction", (provider, transactionId) => {
    const ofType = (type: WebhookOrder["type"]) => eventOf(provider, { type, money, transactionId }).transactionId;
    expect(ofType("payment.succeeded")).toBe(`${provider}:${transactionId}`);
    expect(ofType("refund.created")).toBe(`${provider}:${transactionId}`);
    expect(ofType("dispute.opened")).toBe(`${provider}:${transactionId}`);
  });

  it.each(["stripe", "standard-webhooks", "adyen"] as const)(
    "of %s tell the fraud score what it asks for",
    (provider) => {
      const signals = { riskScore: 70, cardCountry: "NG", customerCountry: "DE" };
      const event = eventOf(provider, { type: "payment.succeeded", money, customerId: "cus_1", ...signals });
      expect(event.customerId).toBe("cus_1");
      expect(event.signals).toMatchObject({ providerRiskScore: 70, cardCountry: "NG", customerCountry: "DE" });
    },
  );

  it("take a given event id, so that the same one again is a duplicate", () => {
    expect(eventOf("stripe", { eventId: "evt_7" }).eventId).toBe("stripe:evt_7");
    expect(eventOf("hmac", { eventId: "n7" }).eventId).toBe("hmac:n7");
    expect(eventOf("github", { eventId: "d7" }).eventId).toBe("github:d7");
    expect(eventOf("shopify", { eventId: "s7" }).eventId).toBe("shopify:s7:app/uninstalled");
    expect(eventOf("paypal", { eventId: "WH-7" }).eventId).toBe("paypal:WH-7");
    expect(eventOf("adyen", { eventId: "A7" }).eventId).toBe("adyen:REPORT_AVAILABLE:A7:true:ExampleECOM");
    expect(eventOf("square", { eventId: "s7" }).eventId).toBe("square:s7");
    expect(eventOf("paddle", { eventId: "evt_7" }).eventId).toBe("paddle:evt_7");
    expect(eventOf("razorpay", { eventId: "r7" }).eventId).toBe("razorpay:r7");
    expect(eventOf("mollie", { eventId: "event_7" }).eventId).toBe("mollie:event_7");
    expect(eventOf("standard-webhooks", { eventId: "m7" }).eventId).toBe("standard-webhooks:m7");
  });

  it("rule 10: say any amount of up to 15 digits exactly, in the provider's own units", () => {
    const provider = fc.constantFrom<ProviderName>(
      "stripe",
      "shopify",
      "standard-webhooks",
      "hmac",
      "paypal",
      "adyen",
      "square",
      "paddle",
      "razorpay",
      "mollie",
    );
    const currency = fc.constantFrom(...minorUnitExponents.keys());
    // Stripe has no cents of the ariary, and two decimals where ISO has none: digits enough for both.
    const amount = fc.bigInt({ min: 1n, max: 10n ** 11n }).map((units) => String(units * 100n));
    fc.assert(
      fc.property(provider, currency, amount, fc.boolean(), (name, code, amountMinor, isMajor) => {
        const settings = name === "standard-webhooks" && isMajor ? { amountUnit: "major" } : {};
        const ordered = { amountMinor, currency: code };
        expect(eventOf(name, { type: "payment.succeeded", money: ordered }, settings)).toMatchObject(ordered);
      }),
    );
  });

  it("refuse what a provider can't say", () => {
    const refusalOf = (provider: ProviderName, order: Partial<WebhookOrder>) =>
      webhookBuilders[provider].build({ type: "payment.succeeded", token, occurredAtMs: nowMs, ...order }, {});
    expect(refusalOf("stripe", { money: { amountMinor: "1234", currency: "MGA" } })).toMatchObject({
      kind: "usage",
      message: "Stripe has no units below 1 MGA: give a whole --amount.",
    });
    expect(refusalOf("paypal", { money: { amountMinor: "123450", currency: "HUF" } })).toMatchObject({
      kind: "usage",
      message: "PayPal has no units below 1 HUF: give a whole --amount.",
    });
    expect(refusalOf("adyen", { money: { amountMinor: "123450", currency: "IDR" } })).toMatchObject({
      kind: "usage",
      message: "Adyen has no units below 1 IDR: give a whole --amount.",
    });
    expect(refusalOf("shopify", { money, transactionId: "pi_1" })).toMatchObject({ kind: "usage" });
    expect(refusalOf("shopify", { money, customerId: "cus_1" })).toMatchObject({ kind: "usage" });
  });
});
