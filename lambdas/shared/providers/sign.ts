/**
 * The sender's half of every scheme, for the demo, `cli send` and tests. No function imports it, so that what runs on
 * AWS can check signatures and not make them.
 */
import * as v from "valibot";
import type { ProviderName } from "../../../config/providers.ts";
import { githubCapabilities } from "./github/capabilities.ts";
import { signGithub } from "./github/sign.ts";
import { hmacCapabilities } from "./hmac/capabilities.ts";
import { signHmac } from "./hmac/sign.ts";
import { paypalCapabilities } from "./paypal/capabilities.ts";
import { signPaypal } from "./paypal/sign.ts";
import { shopifyCapabilities } from "./shopify/capabilities.ts";
import { signShopify } from "./shopify/sign.ts";
import { standardWebhooksCapabilities } from "./standard-webhooks/capabilities.ts";
import { signStandardWebhooks } from "./standard-webhooks/sign.ts";
import { stripeCapabilities } from "./stripe/capabilities.ts";
import { signStripe } from "./stripe/sign.ts";
import type { Capabilities, Sign, SignOptions } from "./types.ts";

/** As `SignOptions`, with the secret's value as it lies in the secret store: `{ secrets: [...], ...settings }`. */
type SignRequest = Omit<SignOptions<never>, "settings"> & { readonly secretValue: unknown };

/**
 * Headers that make the body a valid webhook of the provider. Throws if the secret's value isn't one of it, and
 * SigningError if it is one that only checks.
 */
export type Signer = (request: SignRequest) => Record<string, string>;

export const signers: Readonly<Record<ProviderName, Signer>> = {
  stripe: signer(stripeCapabilities, signStripe),
  github: signer(githubCapabilities, signGithub),
  shopify: signer(shopifyCapabilities, signShopify),
  "standard-webhooks": signer(standardWebhooksCapabilities, signStandardWebhooks),
  hmac: signer(hmacCapabilities, signHmac),
  paypal: signer(paypalCapabilities, signPaypal),
};

function signer<TSettings>(capabilities: Capabilities<TSettings>, sign: Sign<TSettings>): Signer {
  return ({ secretValue, ...options }) => sign({ ...options, settings: v.parse(capabilities.settings, secretValue) });
}
