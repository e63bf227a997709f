import { anyMatches, type MacScheme, missingSignature, verdict } from "../signatures.ts";
import type { Verification, WebhookRequest } from "../types.ts";
import type { SquareSettings } from "./capabilities.ts";

export const squareScheme: MacScheme = { algorithm: "sha256", encoding: "base64" };

/**
 * `x-square-hmacsha256-signature: <base64 HMAC-SHA256 of the notification URL and the body>`; nothing signed says when.
 * The older header of HMAC-SHA1, `x-square-signature`, isn't looked at.
 * Source: https://developer.squareup.com/docs/webhooks/step3validate
 */
export function verifySquare(request: WebhookRequest, settings: SquareSettings): Verification {
  const signature = request.headers.get("x-square-hmacsha256-signature");
  if (signature === undefined || signature === "") return missingSignature;
  const matches = settings.notificationUrls.map((url) =>
    anyMatches(squareScheme, settings.secrets, [url, request.body], [signature]),
  );
  return verdict(matches.includes(true));
}
