import { providers } from "../../lambdas/shared/providers/index.ts";
import { ledgers } from "../../lambdas/shared/providers/ledgers.ts";
import { certificateHeader } from "../../lambdas/shared/providers/paypal/capabilities.ts";
import { signers } from "../../lambdas/shared/providers/sign.ts";
import { parseSecretOverrides, secretValues } from "../../local/secrets.ts";
import { arnOf, inventoryOf, resource } from "./resources/fixtures.ts";

const secret = (name: string) =>
  resource(`aws_secretsmanager_secret.${name}`, { name }, { arn: arnOf("secretsmanager", `secret:${name}`) });
const stripe = "webhook-secrets/stripe-dev";
const github = "webhook-secrets/github-dev";
const inventory = inventoryOf(secret(stripe), secret(github), secret("something-else-dev"));

describe("secretValues", () => {
  it("takes what is given before what is kept, and makes up the rest", () => {
    const kept = new Map([
      [stripe, '{"secrets":["kept"]}'],
      [github, '{"secrets":["kept"]}'],
    ]);
    const given = { stripe: { secrets: ["given"], more: 1 } };
    expect(secretValues(inventory, "dev", given, kept)).toEqual(
      new Map([
        [stripe, '{"testEvents":"route","secrets":["given"],"more":1}'],
        [github, '{"secrets":["kept"]}'],
      ]),
    );
    const fresh = secretValues(inventory, "dev", {}, new Map());
    expect([...fresh.keys()]).toEqual([stripe, github]);
    const values = [...fresh.values()].map((value) => JSON.parse(value) as { secrets: string[] });
    expect(values.every(({ secrets: [one] }) => /^whsec_[A-Za-z0-9+/]{32}$/.test(one ?? ""))).toBe(true);
    expect(fresh.get(stripe)).not.toBe(fresh.get(github));
  });
});

describe("PayPal's secret", () => {
  it("is made up with a sender whose certificate is trusted, and kept", () => {
    const name = "webhook-secrets/paypal-dev";
    const fresh = secretValues(inventoryOf(secret(name)), "dev", {}, new Map());
    const value = JSON.parse(fresh.get(name) ?? "") as { testSender: { certificates: string } };
    const opened = providers.paypal.open(value);
    if (opened.kind === "misconfigured") throw new Error(opened.detail);
    const [body, nowMs] = [Buffer.from("{}"), Date.now()];
    const sent = signers.paypal({ body, secretValue: value, nowMs, deliveryId: "WH-1", topic: "" });
    const headers = new Map([...Object.entries(sent.headers), [certificateHeader, value.testSender.certificates]]);
    expect(opened.provider.verify({ body, headers }, nowMs)).toEqual({ kind: "valid" });
    expect(secretValues(inventoryOf(secret(name)), "dev", {}, fresh).get(name)).toBe(fresh.get(name));
  });
});

describe("the secrets of providers whose schemes have settings", () => {
  it.each(["square"] as const)("of %s, opens what its sender signs with it", (provider) => {
    const name = `webhook-secrets/${provider}-dev`;
    const value = JSON.parse(secretValues(inventoryOf(secret(name)), "dev", {}, new Map()).get(name) ?? "");
    const opened = providers[provider].open(value);
    if (opened.kind === "misconfigured") throw new Error(opened.detail);
    const [body, nowMs] = [Buffer.from("{}"), Date.now()];
    const sent = signers[provider]({ body, secretValue: value, nowMs, deliveryId: "1", topic: "" });
    const request = { body: sent.body, headers: new Map(Object.entries(sent.headers)) };
    expect(opened.provider.verify(request, nowMs)).toEqual({ kind: "valid" });
  });
});

describe("Mollie's secret", () => {
  it("is made up for webhooks of both kinds", () => {
    const name = "webhook-secrets/mollie-dev";
    const value = JSON.parse(secretValues(inventoryOf(secret(name)), "dev", {}, new Map()).get(name) ?? "") as unknown;
    expect(value).toEqual({
      secrets: [expect.stringMatching(/^whsec_/), expect.stringMatching(/^test_[0-9a-f]{30}$/)],
    });
    expect(providers.mollie.open(value).kind).toBe("opened");
  });
});

describe("Braintree's secret", () => {
  it("is made up as a pair of keys", () => {
    const name = "webhook-secrets/braintree-dev";
    const fresh = secretValues(inventoryOf(secret(name)), "dev", {}, new Map());
    expect(providers.braintree.open(JSON.parse(fresh.get(name) ?? ""))).toMatchObject({ kind: "opened" });
  });
});

describe("the keys of providers' APIs", () => {
  const name = "provider-api-keys/stripe-dev";
  const keys = inventoryOf(secret(stripe), secret(name), secret("provider-api-keys/shopify-dev"));

  it("are made up where there is a stand-in to open, and kept", () => {
    const fresh = secretValues(keys, "dev", { stripe: { secrets: ["given"] } }, new Map());
    expect([...fresh.keys()]).toEqual([stripe, name]);
    expect(JSON.parse(fresh.get(name) ?? "")).toEqual({ apiKey: expect.stringMatching(/^sk_test_[0-9a-f]{24}$/) });
    expect(secretValues(keys, "dev", {}, fresh).get(name)).toBe(fresh.get(name));
    const paypal = secretValues(inventoryOf(secret("provider-api-keys/paypal-dev")), "dev", {}, new Map());
    const [value] = [...paypal.values()].map((text) => JSON.parse(text) as unknown);
    expect(value).toEqual({ clientId: expect.any(String), clientSecret: expect.any(String) });
    expect(ledgers.paypal.open(value, { now: Date.now }).kind).toBe("opened");
    expect(ledgers.paypal.open({ apiKey: "x" }, { now: Date.now }).kind).toBe("closed");
  });
});

describe("parseSecretOverrides", () => {
  it("reads provider → secret value, settings included", () => {
    const json = '{"hmac": {"secrets": ["a", "b"], "header": "x"}}';
    expect(parseSecretOverrides(json)).toEqual({ hmac: { secrets: ["a", "b"], header: "x" } });
  });

  it("takes secrets with their times, and keeps them as they are", () => {
    const given = {
      stripe: { secrets: [{ id: "new", secret: "a", from: "2026-11-20T00:00:00Z" }, { secret: "b" }, "c"] },
    };
    const overrides = parseSecretOverrides(JSON.stringify(given));
    expect(overrides).toEqual(given);
    const value = secretValues(inventory, "dev", overrides, new Map()).get(stripe) ?? "";
    expect(JSON.parse(value)).toEqual({ testEvents: "route", ...given.stripe });
  });

  it.each([
    ["{", /is not JSON/],
    ["[]", /holds no object/],
    ["null", /holds no object/],
    ['{"constructor": {"secrets": ["a"]}}', /"constructor" is no provider \(stripe, /],
    ['{"stripe": null}', /stripe: "secrets" must be a list/],
    ['{"stripe": {"secrets": [""]}}', /stripe: "secrets" must be a list/],
    ['{"stripe": {"secrets": "a"}}', /stripe: "secrets" must be a list/],
    ['{"stripe": {"secrets": [{"secret": "a", "until": "tomorrow"}]}}', /stripe: "secrets" must be a list/],
    ['{"standard-webhooks": {"secrets": ["nope"]}}', /standard-webhooks: .*secret/],
    ['{"hmac": {"secrets": ["a"], "payload": "x"}}', /hmac: .*payload/],
    ['{"stripe": {}, "nobody": {}}', /stripe: .*; "nobody" is no provider/],
  ])("refuses %s in words", (json, words) => {
    expect(() => parseSecretOverrides(json)).toThrow(words);
  });

  it.each(['{"stripe": {"secrets": ["whsec_quiet", 1]}}', '{"stripe": {"secrets": [whsec_quiet]}}'])(
    "never says a secret of %s",
    (json) => {
      expect(() => parseSecretOverrides(json)).toThrow(/^(?!.*whsec_quiet)/s);
    },
  );
});
