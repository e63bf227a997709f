import {
  anyMatches,
  checkTimestamp,
  type MacScheme,
  missingSignature,
  refused,
  rememberedKeys,
  verdict,
} from "../signatures.ts";
import type { Verification, WebhookHeaders, WebhookRequest } from "../types.ts";
import { headerNames, keyOf, type StandardWebhooksSettings } from "./capabilities.ts";

/** `v1`: base64 HMAC-SHA256 of `<id>.<timestamp>.<body>`. */
export const standardWebhooksScheme: MacScheme = { algorithm: "sha256", encoding: "base64" };

const macKeyOf = rememberedKeys(keyOf);

/**
 * `webhook-id`, `webhook-timestamp` and `webhook-signature: v1,<base64> v1,<base64>` (or `svix-…`). Other versions, such
 * as the asymmetric `v1a`, are ignored. Source: the specification at https://www.standardwebhooks.com
 */
export function verifyStandardWebhooks(
  request: WebhookRequest,
  settings: StandardWebhooksSettings,
  nowMs: number,
): Verification {
  const [idName, timestampName, signatureName] = headerNames(prefixOf(request.headers));
  const header = request.headers.get(signatureName);
  if (header === undefined || header === "") return missingSignature;
  const id = request.headers.get(idName);
  if (id === undefined || id === "") return refused("signature_malformed", `The signed header ${idName} is missing.`);
  const timestamp = request.headers.get(timestampName);
  const untimely = checkTimestamp(timestamp, nowMs);
  if (untimely !== undefined) return untimely;
  const signatures = header
    .split(" ")
    .filter((element) => element.startsWith("v1,"))
    .map((element) => element.slice("v1,".length));
  if (signatures.length === 0) return refused("signature_missing", `${signatureName} has no v1 signature.`);
  const keys = settings.secrets.map(macKeyOf);
  return verdict(anyMatches(standardWebhooksScheme, keys, [`${id}.${timestamp}.`, request.body], signatures));
}

/** A request speaks one of the two dialects: the one whose signature it carries. */
export function prefixOf(headers: WebhookHeaders): "webhook" | "svix" {
  return headers.has("webhook-signature") ? "webhook" : "svix";
}
