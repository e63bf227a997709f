import * as v from "valibot";
import { liveSecrets, testEvents } from "../secret-value.ts";
import type { Capabilities } from "../types.ts";

/** Test orders come from the same shop, under the same secret, as those that are paid for. */
const shopifySettings = v.object({ secrets: liveSecrets, testEvents });
export type ShopifySettings = v.InferOutput<typeof shopifySettings>;

export const shopifyCapabilities: Capabilities<ShopifySettings> = {
  settings: shopifySettings,
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
