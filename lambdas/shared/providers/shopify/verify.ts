import type { PlainSettings } from "../secret-value.ts";
import { anyMatches, type MacScheme, missingSignature, verdict } from "../signatures.ts";
import type { Verification, WebhookRequest } from "../types.ts";

export const shopifyScheme: MacScheme = { algorithm: "sha256", encoding: "base64" };

/** `X-Shopify-Hmac-Sha256: <base64 HMAC-SHA256 of the body>`; nothing signed says when. */
export function verifyShopify(request: WebhookRequest, settings: PlainSettings): Verification {
  const signature = request.headers.get("x-shopify-hmac-sha256");
  if (signature === undefined || signature === "") return missingSignature;
  return verdict(anyMatches(shopifyScheme, settings.secrets, [request.body], [signature]));
}
