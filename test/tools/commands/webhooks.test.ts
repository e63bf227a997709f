import * as fc from "fast-check";
import type { PaymentEvent } from "../../../config/events.ts";
import { minorUnitExponents } from "../../../config/money.ts";
import { type ProviderName, providerNames } from "../../../config/providers.ts";
import { contentOf } from "../../../lambdas/webhook-dedup/content.ts";
import { type OrderOptions, readOrder } from "../../../tools/commands/send-order.ts";
import { webhookBuilders } from "../../../tools/commands/webhooks/index.ts";
import { signWebhook } from "../../../tools/commands/webhooks/sign-webhook.ts";
import type { WebhookOrder } from "../../../tools/commands/webhooks/types.ts";
import { nowMs, opened, samples } from "../../lambdas/shared/providers/samples.ts";
import { gocardlessAccess, gocardlessApi } from "../../support/gocardless-api.ts";
import { routingThresholdsUsd } from "../../support/routing.ts";

const token = "0123456789abcdef01234567";

/** What `cli send` makes of the same words at a time. */
function orderAt(options: OrderOptions, ms: number): WebhookOrder {
  const read = readOrder(options, { freshToken: String(ms).padStart(24, "0"), nowMs: ms });
  if (read.kind === "usage") throw new Error(read.message);
  return read.order;
}

/** The event that the validator makes of an order: built, signed, prepared, verified and translated. */
async function eventOf(
  provider: ProviderName,
  order: Partial<WebhookOrder>,
  settings: object = provider === "gocardless" ? gocardlessAccess : {},
): Promise<PaymentEvent> {
  const secretValue = { ...samples[provider].secretValue, ...settings };
  const webhook = webhookBuilders[provider].build({ type: "other", token, occurredAtMs: nowMs, ...order }, secretValue);
  if (webhook.kind === "usage") throw new Error(webhook.message);
  const signed = signWebhook(provider, webhook, { secretValue, nowMs });
  const incoming = new Map(Object.entries({ ...signed.headers, ...samples[provider].prepared }));
  const scheme = opened(provider, secretValue);
  const prepared = await scheme.prepare({ body: signed.body, headers: incoming }, gocardlessApi, nowMs);
  if (prepared.kind !== "prepared") throw new Error(prepared.detail);
  const { body, headers } = prepared.request;
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
  it.each(everyType)("of %s say %s as ordered", async (provider, type) => {
    const hasMoney = type !== "other" && type !== "account.updated";
    const event = await eventOf(provider, { type, ...(hasMoney ? { money } : {}) });
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
    ["gocardless", "PM7-1250050-USD"],
    ["mollie", "tr_7"],
    ["braintree", "sale7777"],
  ] as const)("of %s about one payment share its transaction", async (provider, transactionId) => {
    const ofType = async (type: WebhookOrder["type"]) =>
      (await eventOf(provider, { type, money, transactionId })).transactionId;
    expect(await ofType("payment.succeeded")).toBe(`${provider}:${transactionId}`);
    expect(await ofType("refund.created")).toBe(`${provider}:${transactionId}`);
    expect(await ofType("dispute.opened")).toBe(`${provider}:${transactionId}`);
  });

  it.each(["stripe", "standard-webhooks", "adyen"] as const)(
    "of %s tell the fraud score what it asks for",
    async (provider) => {
      const signals = { riskScore: 70, cardCountry: "NG", customerCountry: "DE" };
      const event = await eventOf(provider, { type: "payment.succeeded", money, customerId: "cus_1", ...signals });
      expect(event.customerId).toBe("cus_1");
      expect(event.signals).toMatchObject({ providerRiskScore: 70, cardCountry: "NG", customerCountry: "DE" });
    },
  );

  it.each(everyType)("of %s that say %s are duplicates under the same id, hours later", async (provider, type) => {
    const hasMoney = type !== "other" && type !== "account.updated";
    const options = { provider, type, id: "77", ...(hasMoney && { amount: "12500.50", currency: "USD" }) };
    const dayStartMs = Date.parse(new Date(nowMs).toISOString().slice(0, 10));
    const [first, later] = [
      await eventOf(provider, orderAt(options, dayStartMs)),
      await eventOf(provider, orderAt(options, dayStartMs + 86_399_000)),
    ];
    expect([later.eventId, contentOf(later)]).toEqual([first.eventId, contentOf(first)]);
  });

  it.each(everyType)("of %s that say %s are the same to a byte with their seed and time", (provider, type) => {
    const hasMoney = type !== "other" && type !== "account.updated";
    const options = { provider, type, ...(hasMoney && { amount: "12500.50", currency: "USD" }) };
    const first = orderAt(options, nowMs + 123);
    const at = { text: "", fromMs: first.occurredAtMs, toMs: first.occurredAtMs };
    const again = orderAt({ ...options, at, seed: first.token }, nowMs + 90_000_000);
    const { build } = webhookBuilders[provider];
    expect(build(again, {})).toEqual(build(first, {}));
  });

  it("take a given event id, so that the same one again is a duplicate", async () => {
    const idOf = async (provider: ProviderName, eventId: string) => (await eventOf(provider, { eventId })).eventId;
    expect(await idOf("stripe", "evt_7")).toBe("stripe:evt_7");
    expect(await idOf("hmac", "n7")).toBe("hmac:n7");
    expect(await idOf("github", "d7")).toBe("github:d7");
    expect(await idOf("shopify", "s7")).toBe("shopify:s7:app/uninstalled");
    expect(await idOf("paypal", "WH-7")).toBe("paypal:WH-7");
    expect(await idOf("square", "s7")).toBe("square:s7");
    expect(await idOf("paddle", "evt_7")).toBe("paddle:evt_7");
    expect(await idOf("razorpay", "r7")).toBe("razorpay:r7");
    expect(await idOf("gocardless", "EV7")).toBe("gocardless:EV7");
    expect(await idOf("adyen", "A7")).toBe("adyen:REPORT_AVAILABLE:A7:true:ExampleECOM");
    expect(await idOf("mollie", "event_7")).toBe("mollie:event_7");
    expect(await idOf("standard-webhooks", "m7")).toBe("standard-webhooks:m7");
  });

  it("rule 10: say any amount of up to 15 digits exactly, in the provider's own units", async () => {
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
      "gocardless",
      "mollie",
      "braintree",
    );
    const currency = fc.constantFrom(...minorUnitExponents.keys());
    // Stripe has no cents of the ariary, and two decimals where ISO has none: digits enough for both.
    const amount = fc.bigInt({ min: 1n, max: 10n ** 11n }).map((units) => String(units * 100n));
    await fc.assert(
      fc.asyncProperty(provider, currency, amount, fc.boolean(), async (name, code, amountMinor, isMajor) => {
        const settings = name === "standard-webhooks" && isMajor ? { amountUnit: "major" } : undefined;
        const ordered = { amountMinor, currency: code };
        expect(await eventOf(name, { type: "payment.succeeded", money: ordered }, settings)).toMatchObject(ordered);
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
    expect(refusalOf("gocardless", { money, transactionId: "PM7-1-USD" })).toMatchObject({ kind: "usage" });
    expect(refusalOf("shopify", { money, transactionId: "pi_1" })).toMatchObject({ kind: "usage" });
    expect(refusalOf("shopify", { money, customerId: "cus_1" })).toMatchObject({ kind: "usage" });
  });
});
