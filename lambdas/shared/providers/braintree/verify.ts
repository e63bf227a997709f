import { createHash } from "node:crypto";
import { fieldAt } from "../../domain/exact-json.ts";
import { msOfIso } from "../fields.ts";
import { anyMatches, checkAge, type MacScheme, refused, verdict } from "../signatures.ts";
import type { Refusal, Verification, WebhookRequest } from "../types.ts";
import { type BraintreeSettings, toleratedAgeSeconds } from "./capabilities.ts";
import { parseBraintree, readForm } from "./notification.ts";

/** Hex HMAC-SHA1 of the payload's base64 text, line ends included. */
export const braintreeScheme: MacScheme = { algorithm: "sha1", encoding: "hex" };

/** One API key of a secret's text, ready to sign with: its private key's SHA-1 is the key of the code. */
export interface ApiKey {
  readonly publicKey: string;
  readonly key: Uint8Array;
}

export function apiKeyOf(secret: string): ApiKey {
  const [publicKey = "", privateKey = ""] = secret.split(":");
  return { publicKey, key: createHash("sha1").update(privateKey).digest() };
}

/**
 * Checks the signatures that are by one of our public keys. Where something on the way has taken the payload's last
 * line end, the payload is tried with it, as the SDK does. What has no base64 in it is refused before.
 * Source: the SDK, webhook_notification_gateway.js and digest.js
 */
export function verifyBraintree(request: WebhookRequest, settings: BraintreeSettings, nowMs: number): Verification {
  const { signature, payload } = readForm(request.body);
  if (signature === undefined || signature === "")
    return refused("signature_missing", "The body is no form with one bt_signature.");
  if (payload === undefined) return refused("signature_malformed", "The body is no form with one bt_payload.");
  if (!/^[A-Za-z0-9+/=\n]*$/.test(payload)) return refused("signature_malformed", "bt_payload is not base64.");
  const pairs = signature.split("&").map((pair) => pair.split("|"));
  const isSigned = settings.secrets.map(apiKeyOf).flatMap(({ publicKey, key }) => {
    const signatures = pairs.flatMap(([by, code = "", ...rest]) =>
      by === publicKey && rest.length === 0 ? [code] : [],
    );
    return [[payload], [payload, "\n"]].map((parts) => anyMatches(braintreeScheme, [key], parts, signatures));
  });
  if (!isSigned.includes(true)) return verdict(false);
  return untimely(request.body, nowMs) ?? verdict(true);
}

/** What can't be read is for `parse` to refuse: it is signed. */
function untimely(body: Uint8Array, nowMs: number): Refusal | undefined {
  const parsed = parseBraintree(body);
  if (parsed.kind === "invalid") return undefined;
  const timeMs = msOfIso(fieldAt(parsed.value, "notification", "timestamp"));
  if (timeMs === undefined) return refused("timestamp_missing", "The notification has no timestamp.");
  return checkAge(Math.floor(nowMs / 1000) - Math.floor(timeMs / 1000), toleratedAgeSeconds);
}
