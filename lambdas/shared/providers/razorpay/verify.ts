import type { PlainSettings } from "../secret-value.ts";
import { anyMatches, type MacScheme, missingSignature, verdict } from "../signatures.ts";
import type { Verification, WebhookRequest } from "../types.ts";

export const razorpayScheme: MacScheme = { algorithm: "sha256", encoding: "hex" };

/**
 * `X-Razorpay-Signature: <hex HMAC-SHA256 of the body>`; nothing signed says when, and the event's id isn't signed. What
 * Razorpay signs for its checkout, with the API's key, is another signature.
 * Source: https://razorpay.com/docs/webhooks/validate-test/
 */
export function verifyRazorpay(request: WebhookRequest, settings: PlainSettings): Verification {
  const signature = request.headers.get("x-razorpay-signature");
  if (signature === undefined || signature === "") return missingSignature;
  return verdict(anyMatches(razorpayScheme, settings.secrets, [request.body], [signature]));
}
