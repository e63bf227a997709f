/** The registry of payment providers: one entry per name of config/providers.ts, or it doesn't compile. */
import type { ProviderName } from "../../../config/providers.ts";
import { adyenCapabilities } from "./adyen/capabilities.ts";
import { parseAdyen } from "./adyen/items.ts";
import { translateAdyen } from "./adyen/translate.ts";
import { prepareAdyen, verifyAdyen } from "./adyen/verify.ts";
import { braintreeCapabilities } from "./braintree/capabilities.ts";
import { parseBraintree } from "./braintree/notification.ts";
import { translateBraintree } from "./braintree/translate.ts";
import { verifyBraintree } from "./braintree/verify.ts";
import { githubCapabilities } from "./github/capabilities.ts";
import { translateGithub } from "./github/translate.ts";
import { verifyGithub } from "./github/verify.ts";
import { prepareGocardless } from "./gocardless/amounts.ts";
import { gocardlessCapabilities } from "./gocardless/capabilities.ts";
import { translateGocardless } from "./gocardless/translate.ts";
import { verifyGocardless } from "./gocardless/verify.ts";
import { hmacCapabilities } from "./hmac/capabilities.ts";
import { translateHmac } from "./hmac/translate.ts";
import { verifyHmac } from "./hmac/verify.ts";
import { mollieCapabilities } from "./mollie/capabilities.ts";
import { prepareMollie } from "./mollie/prepare.ts";
import { translateMollie } from "./mollie/translate.ts";
import { verifyMollie } from "./mollie/verify.ts";
import { paddleCapabilities } from "./paddle/capabilities.ts";
import { translatePaddle } from "./paddle/translate.ts";
import { verifyPaddle } from "./paddle/verify.ts";
import { paypalCapabilities } from "./paypal/capabilities.ts";
import { translatePaypal } from "./paypal/translate.ts";
import { preparePaypal, verifyPaypal } from "./paypal/verify.ts";
import { razorpayCapabilities } from "./razorpay/capabilities.ts";
import { translateRazorpay } from "./razorpay/translate.ts";
import { verifyRazorpay } from "./razorpay/verify.ts";
import { shopifyCapabilities } from "./shopify/capabilities.ts";
import { translateShopify } from "./shopify/translate.ts";
import { verifyShopify } from "./shopify/verify.ts";
import { squareCapabilities } from "./square/capabilities.ts";
import { translateSquare } from "./square/translate.ts";
import { verifySquare } from "./square/verify.ts";
import { standardWebhooksCapabilities } from "./standard-webhooks/capabilities.ts";
import { translateStandardWebhooks } from "./standard-webhooks/translate.ts";
import { verifyStandardWebhooks } from "./standard-webhooks/verify.ts";
import { stripeCapabilities } from "./stripe/capabilities.ts";
import { translateStripe } from "./stripe/translate.ts";
import { verifyStripe } from "./stripe/verify.ts";
import { defineProvider, type Provider } from "./types.ts";

export const providers: Readonly<Record<ProviderName, Provider>> = {
  stripe: defineProvider({
    capabilities: stripeCapabilities,
    verify: verifyStripe,
    translate: translateStripe,
  }),
  github: defineProvider({
    capabilities: githubCapabilities,
    verify: verifyGithub,
    translate: translateGithub,
  }),
  shopify: defineProvider({
    capabilities: shopifyCapabilities,
    verify: verifyShopify,
    translate: translateShopify,
  }),
  "standard-webhooks": defineProvider({
    capabilities: standardWebhooksCapabilities,
    verify: verifyStandardWebhooks,
    translate: translateStandardWebhooks,
  }),
  hmac: defineProvider({
    capabilities: hmacCapabilities,
    verify: verifyHmac,
    translate: translateHmac,
  }),
  paypal: defineProvider({
    capabilities: paypalCapabilities,
    prepare: preparePaypal,
    verify: verifyPaypal,
    translate: translatePaypal,
  }),
  adyen: defineProvider({
    capabilities: adyenCapabilities,
    prepare: prepareAdyen,
    verify: verifyAdyen,
    parse: parseAdyen,
    translate: translateAdyen,
  }),
  square: defineProvider({
    capabilities: squareCapabilities,
    verify: verifySquare,
    translate: translateSquare,
  }),
  paddle: defineProvider({
    capabilities: paddleCapabilities,
    verify: verifyPaddle,
    translate: translatePaddle,
  }),
  razorpay: defineProvider({
    capabilities: razorpayCapabilities,
    verify: verifyRazorpay,
    translate: translateRazorpay,
  }),
  gocardless: defineProvider({
    capabilities: gocardlessCapabilities,
    prepare: prepareGocardless,
    verify: verifyGocardless,
    translate: translateGocardless,
  }),
  mollie: defineProvider({
    capabilities: mollieCapabilities,
    prepare: prepareMollie,
    verify: verifyMollie,
    translate: translateMollie,
  }),
  braintree: defineProvider({
    capabilities: braintreeCapabilities,
    parse: parseBraintree,
    verify: verifyBraintree,
    translate: translateBraintree,
  }),
};
