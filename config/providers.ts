/**
 * The payment providers whose webhooks are accepted. A name is the path segment of `POST /webhooks/{provider}`,
 * the folder in lambdas/shared/providers, the secret `webhook-secrets/<name>` and the prefix of every id.
 */
export const providerNames = [
  "stripe",
  "github",
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
] as const;

export type ProviderName = (typeof providerNames)[number];

/** `POST /webhook` (the plain transaction notification) is this provider's. */
export const plainWebhookProvider = "hmac" satisfies ProviderName;

export function isProviderName(name: string): name is ProviderName {
  return (providerNames as readonly string[]).includes(name);
}
