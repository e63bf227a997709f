import type { PlainSettings } from "../secret-value.ts";
import { macOf } from "../signatures.ts";
import type { Sign } from "../types.ts";
import { shopifyScheme } from "./verify.ts";

/** The header holds one signature, so the newest secret signs. */
export const signShopify: Sign<PlainSettings> = ({ body, settings, deliveryId, topic }) => ({
  body,
  headers: {
    "x-shopify-hmac-sha256": macOf(shopifyScheme, settings.secrets[0] ?? "", [body]),
    "x-shopify-topic": topic,
    "x-shopify-event-id": deliveryId,
  },
});
