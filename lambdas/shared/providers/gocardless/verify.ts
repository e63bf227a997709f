import { anyMatches, fetchedParts, missingSignature, refused, verdict } from "../signatures.ts";
import type { Verification, WebhookRequest } from "../types.ts";
import { amountsHeader, amountsProofHeader, type GocardlessSettings, gocardlessScheme } from "./capabilities.ts";

/**
 * `Webhook-Signature: <hex HMAC-SHA256 of the body>`; nothing signed says when. Amounts that were fetched for it have our
 * own signature, under the same secret. Source: https://developer.gocardless.com/api-reference/#webhooks-signing-webhooks
 */
export function verifyGocardless({ headers, body }: WebhookRequest, { secrets }: GocardlessSettings): Verification {
  const signature = headers.get("webhook-signature");
  if (signature === undefined || signature === "") return missingSignature;
  const isSigned = anyMatches(gocardlessScheme, secrets, [body], [signature]);
  const amounts = headers.get(amountsHeader);
  if (!isSigned || amounts === undefined) return verdict(isSigned);
  const proof = headers.get(amountsProofHeader) ?? "";
  return anyMatches(gocardlessScheme, secrets, fetchedParts(amountsHeader, amounts, body), [proof])
    ? verdict(true)
    : refused("signature_mismatch", "The amounts are not those that were fetched for the body.");
}
