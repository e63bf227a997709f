import { type PlainSettings, plainSettings } from "../secret-value.ts";
import type { Capabilities } from "../types.ts";

export const shopifyCapabilities: Capabilities<PlainSettings> = {
  settings: plainSettings,
  archivedHeaders: () => [
    "x-shopify-hmac-sha256",
    "x-shopify-topic",
    "x-shopify-event-id",
    "x-shopify-webhook-id",
    "x-shopify-shop-domain",
  ],
  isTimestamped: () => false,
  documentation: "https://shopify.dev/docs/apps/build/webhooks/verify-deliveries",
};
