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

/** `h1`: hex HMAC-SHA256 of `<timestamp>:<body>`. */
export const paddleScheme: MacScheme = { algorithm: "sha256", encoding: "hex" };

/**
 * `Paddle-Signature: ts=1671552777;h1=eb4d…;h1=…`: one timestamp and at least one `h1`. Other elements are ignored, so
 * that a scheme that is yet to come does no harm. The signature that Paddle Classic has in its form isn't this one.
 * Source: https://developer.paddle.com/webhooks/about/signature-verification
 */
export function verifyPaddle(request: WebhookRequest, settings: PlainSettings, nowMs: number): Verification {
  const header = request.headers.get("paddle-signature");
  if (header === undefined || header === "") return missingSignature;
  const elements = header.split(";");
  const timestamps = valuesOf(elements, "ts=");
  const signatures = valuesOf(elements, "h1=");
  if (timestamps.length > 1) return refused("signature_malformed", "Paddle-Signature has more than one timestamp.");
  const [timestamp] = timestamps;
  const untimely = checkTimestamp(timestamp, nowMs);
  if (untimely !== undefined) return untimely;
  if (signatures.length === 0) return refused("signature_missing", "Paddle-Signature has no h1 signature.");
  return verdict(anyMatches(paddleScheme, settings.secrets, [`${timestamp}:`, request.body], signatures));
}
