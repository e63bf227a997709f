/** One builder per provider of config/providers.ts, or it doesn't compile. */
import type { ProviderName } from "../../../config/providers.ts";
import { adyenWebhook } from "./adyen.ts";
import { braintreeWebhook } from "./braintree.ts";
import { githubWebhook } from "./github.ts";
import { gocardlessWebhook } from "./gocardless.ts";
import { hmacWebhook } from "./hmac.ts";
import { mollieWebhook } from "./mollie.ts";
import { paddleWebhook } from "./paddle.ts";
import { paypalWebhook } from "./paypal.ts";
import { razorpayWebhook } from "./razorpay.ts";
import { shopifyWebhook } from "./shopify.ts";
import { squareWebhook } from "./square.ts";
import { standardWebhook } from "./standard-webhooks.ts";
import { stripeWebhook } from "./stripe.ts";
import type { WebhookBuilder } from "./types.ts";

export const webhookBuilders: Readonly<Record<ProviderName, WebhookBuilder>> = {
  stripe: stripeWebhook,
  github: githubWebhook,
  shopify: shopifyWebhook,
  "standard-webhooks": standardWebhook,
  hmac: hmacWebhook,
  paypal: paypalWebhook,
  adyen: adyenWebhook,
  square: squareWebhook,
  paddle: paddleWebhook,
  razorpay: razorpayWebhook,
  gocardless: gocardlessWebhook,
  mollie: mollieWebhook,
  braintree: braintreeWebhook,
};
