/** Made-up values of secrets, in the form that each provider's have. */
import { randomBytes } from "node:crypto";
import type { ProviderName } from "../config/providers.ts";
import { freshPaypalSecret } from "./providers/paypal/test-sender.ts";

/** Providers that don't take any text as a secret, or that need more than one. */
const ofOwnForm: { readonly [name in ProviderName]?: () => object } = {
  paypal: () => freshPaypalSecret(Date.now()),
  adyen: () => ({ secrets: [hex(32).toUpperCase()] }),
  braintree: () => ({ secrets: [`${hex(8)}:${hex(16)}`] }),
  gocardless: () => ({ secrets: [signingSecret()], accessToken: `sandbox_${hex(20)}`, sandbox: true }),
  mollie: () => ({ secrets: [signingSecret(), `test_${hex(15)}`] }),
  // The URL is only signed and never asked, so it may stay the same whatever port is taken.
  square: () => ({ secrets: [signingSecret()], notificationUrls: ["http://localhost/webhooks/square"] }),
};

/** A value for `webhook-secrets/<provider>`. */
export function freshSecret(provider: ProviderName): object {
  return ofOwnForm[provider]?.() ?? routingTests(provider, { secrets: [signingSecret()] });
}

/** Providers that mark the events of their test mode. Here are no others, so they are routed unless the value says more. */
const markingTests: ReadonlySet<ProviderName> = new Set(["stripe", "shopify"]);

export function routingTests(provider: ProviderName, value: object): object {
  return markingTests.has(provider) ? { testEvents: "route", ...value } : value;
}

/** `provider-api-keys/stripe-dev` is the key of Stripe's API. Any test key opens the stand-ins. */
export const freshApiKeys: Readonly<Record<string, () => string>> = {
  stripe: () => JSON.stringify({ apiKey: `sk_test_${hex(12)}` }),
  paypal: () => JSON.stringify({ clientId: hex(20), clientSecret: hex(20) }),
};

/** In the form of Standard Webhooks, which others take as any text. */
function signingSecret(): string {
  return `whsec_${randomBytes(24).toString("base64")}`;
}

function hex(bytes: number): string {
  return randomBytes(bytes).toString("hex");
}
