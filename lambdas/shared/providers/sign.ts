/**
 * The sender's half of every scheme, for the demo, `cli send` and tests. No function imports it, so that what runs on
 * AWS can check signatures and not make them.
 */
import type { ProviderName } from "../../../config/providers.ts";
import { adyenCapabilities } from "./adyen/capabilities.ts";
import { signAdyen } from "./adyen/sign.ts";
import { braintreeCapabilities } from "./braintree/capabilities.ts";
import { signBraintree } from "./braintree/sign.ts";
import { githubCapabilities } from "./github/capabilities.ts";
import { signGithub } from "./github/sign.ts";
import { gocardlessCapabilities } from "./gocardless/capabilities.ts";
import { signGocardless } from "./gocardless/sign.ts";
import { hmacCapabilities } from "./hmac/capabilities.ts";
import { signHmac } from "./hmac/sign.ts";
import { mollieCapabilities } from "./mollie/capabilities.ts";
import { signMollie } from "./mollie/sign.ts";
import { paddleCapabilities } from "./paddle/capabilities.ts";
import { signPaddle } from "./paddle/sign.ts";
import { paypalCapabilities } from "./paypal/capabilities.ts";
import { signPaypal } from "./paypal/sign.ts";
import { razorpayCapabilities } from "./razorpay/capabilities.ts";
import { signRazorpay } from "./razorpay/sign.ts";
import { readSettings, type SchemeSettings } from "./secret-value.ts";
import { shopifyCapabilities } from "./shopify/capabilities.ts";
import { signShopify } from "./shopify/sign.ts";
import { SigningError } from "./signing-error.ts";
import { squareCapabilities } from "./square/capabilities.ts";
import { signSquare } from "./square/sign.ts";
import { standardWebhooksCapabilities } from "./standard-webhooks/capabilities.ts";
import { signStandardWebhooks } from "./standard-webhooks/sign.ts";
import { stripeCapabilities } from "./stripe/capabilities.ts";
import { signStripe } from "./stripe/sign.ts";
import type { Capabilities, Sign, SignedWebhook, SignOptions } from "./types.ts";

/** As `SignOptions`, with the secret's value as it lies in the secret store: `{ secrets: [...], ...settings }`. */
type SignRequest = Omit<SignOptions<never>, "settings"> & { readonly secretValue: unknown };

/**
 * Makes the body a valid webhook of the provider, with the secrets that are live.
 * @throws SigningError if the secret's value isn't one of the provider, or is one that only checks
 */
export type Signer = (request: SignRequest) => SignedWebhook;

export const signers: Readonly<Record<ProviderName, Signer>> = {
  stripe: signer(stripeCapabilities, signStripe),
  github: signer(githubCapabilities, signGithub),
  shopify: signer(shopifyCapabilities, signShopify),
  "standard-webhooks": signer(standardWebhooksCapabilities, signStandardWebhooks),
  hmac: signer(hmacCapabilities, signHmac),
  paypal: signer(paypalCapabilities, signPaypal),
  adyen: signer(adyenCapabilities, signAdyen),
  square: signer(squareCapabilities, signSquare),
  paddle: signer(paddleCapabilities, signPaddle),
  razorpay: signer(razorpayCapabilities, signRazorpay),
  gocardless: signer(gocardlessCapabilities, signGocardless),
  mollie: signer(mollieCapabilities, signMollie),
  braintree: signer(braintreeCapabilities, signBraintree),
};

function signer<TSettings extends SchemeSettings>(
  capabilities: Capabilities<TSettings>,
  sign: Sign<TSettings>,
): Signer {
  return ({ secretValue, ...options }) => {
    const read = readSettings(capabilities.settings, secretValue);
    if (read.kind === "misconfigured") throw new SigningError(read.detail);
    const settings = read.at(options.nowMs);
    if (settings.secrets.length === 0) throw new SigningError("None of the secrets is live now.");
    return sign({ ...options, settings });
  };
}
