import type { PlainSettings } from "../secret-value.ts";
import { anyMatches, type MacScheme, missingSignature, refused, verdict } from "../signatures.ts";
import type { Verification, WebhookRequest } from "../types.ts";

export const githubScheme: MacScheme = { algorithm: "sha256", encoding: "hex" };
export const githubPrefix = "sha256=";

/**
 * `X-Hub-Signature-256: sha256=<hex HMAC-SHA256 of the body>`; nothing signed says when. The older `X-Hub-Signature`
 * (SHA-1) is never taken instead.
 */
export function verifyGithub(request: WebhookRequest, settings: PlainSettings): Verification {
  const header = request.headers.get("x-hub-signature-256");
  if (header === undefined || header === "") return missingSignature;
  if (!header.startsWith(githubPrefix)) {
    return refused("signature_malformed", "X-Hub-Signature-256 does not begin with sha256=.");
  }
  const signature = header.slice(githubPrefix.length);
  return verdict(anyMatches(githubScheme, settings.secrets, [request.body], [signature]));
}
