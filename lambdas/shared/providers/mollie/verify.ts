import { anyMatches, fetchedParts, missingSignature, verdict } from "../signatures.ts";
import type { Verification, WebhookRequest } from "../types.ts";
import {
  apiKeysOf,
  attestationHeader,
  entityHeader,
  type MollieSettings,
  mollieScheme,
  postedHeader,
  signatureHeader,
  signingSecretsOf,
} from "./capabilities.ts";

/**
 * A classic webhook, which nobody signs, by our own proof of what `prepareMollie` has fetched for it. One of the next
 * generation by `X-Mollie-Signature: sha256=<hex>`, HMAC-SHA256 of the body; for a day after a rotation there are two of
 * these headers. Source: https://docs.mollie.com/reference/webhooks-new ("Manual signature verification")
 */
export function verifyMollie(request: WebhookRequest, settings: MollieSettings): Verification {
  const posted = request.headers.get(postedHeader);
  if (posted !== undefined) return verdict(isAttested(postedHeader, posted, request, settings));
  const signatures = signaturesIn(request.headers.get(signatureHeader));
  if (signatures.length === 0) return missingSignature;
  const isSigned = anyMatches(mollieScheme, signingSecretsOf(settings), [request.body], signatures);
  const entity = request.headers.get(entityHeader);
  return verdict(isSigned && (entity === undefined || isAttested(entityHeader, entity, request, settings)));
}

function isAttested(
  header: string,
  text: string,
  { headers, body }: WebhookRequest,
  settings: MollieSettings,
): boolean {
  const attestation = headers.get(attestationHeader) ?? "";
  return anyMatches(mollieScheme, apiKeysOf(settings), fetchedParts(header, text, body), [attestation]);
}

/** Repeated headers are joined by commas. Mollie's own SDK takes signatures without their prefix, too. */
function signaturesIn(header = ""): readonly string[] {
  const values = header.split(",").map((value) => value.trim());
  return values.flatMap((value) => (value === "" ? [] : [value.replace(/^sha256=/, "")]));
}
