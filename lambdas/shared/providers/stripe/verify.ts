import type { PlainSettings } from "../secret-value.ts";
import {
  anyMatches,
  checkTimestamp,
  type MacScheme,
  missingSignature,
  refused,
  valuesOf,
  verdict,
} from "../signatures.ts";
import type { Verification, WebhookRequest } from "../types.ts";

/** `v1`: hex HMAC-SHA256 of `<timestamp>.<body>`. */
export const stripeScheme: MacScheme = { algorithm: "sha256", encoding: "hex" };

/**
 * `Stripe-Signature: t=1492774577,v1=5257…,v1=…,v0=…`: one timestamp, a `v1` per live secret; other schemes (`v0`, of
 * test mode) are ignored, as Stripe asks, against downgrades. Source: https://docs.stripe.com/webhooks#verify-manually
 */
export function verifyStripe(request: WebhookRequest, settings: PlainSettings, nowMs: number): Verification {
  const header = request.headers.get("stripe-signature");
  if (header === undefined || header === "") return missingSignature;
  const elements = header.split(",").map((element) => element.trim());
  const timestamps = valuesOf(elements, "t=");
  const signatures = valuesOf(elements, "v1=");
  if (timestamps.length > 1) return refused("signature_malformed", "Stripe-Signature has more than one timestamp.");
  const [timestamp] = timestamps;
  const untimely = checkTimestamp(timestamp, nowMs);
  if (untimely !== undefined) return untimely;
  if (signatures.length === 0) return refused("signature_missing", "Stripe-Signature has no v1 signature.");
  return verdict(anyMatches(stripeScheme, settings.secrets, [`${timestamp}.`, request.body], signatures));
}
