import { type KeyObject, verify as verifySignature } from "node:crypto";
import { crc32 } from "node:zlib";
import { msOfIso } from "../fields.ts";
import { checkAge, missingSignature, refused, verdict } from "../signatures.ts";
import type { Outside, Preparation, Refusal, Verification, WebhookRequest } from "../types.ts";
import { certificateHeader, type PaypalSettings } from "./capabilities.ts";
import { isCertificateUrl, judgeChain } from "./certificates.ts";

/** What PayPal signs for a webhook's id: the body by its CRC-32 as a decimal number, over the exact bytes. */
export function signedMessage(
  { transmissionId, time }: Pick<Claim, "transmissionId" | "time">,
  webhookId: string,
  body: Uint8Array,
): Buffer {
  return Buffer.from(`${transmissionId}|${time}|${webhookId}|${crc32(body)}`);
}

export const paypalAlgorithm = "SHA256withRSA";

/**
 * Fetches the certificate that the request names, once everything else of its headers is in order: whoever isn't PayPal
 * can have us ask PayPal for a certificate, and nothing else (WEBHOOK_RULES 20).
 */
export async function preparePaypal(
  request: WebhookRequest,
  settings: PaypalSettings,
  outside: Outside,
  nowMs: number,
): Promise<Preparation> {
  const claim = readClaim(request, settings, nowMs);
  if (claim.kind === "refused") return claim;
  const { testSender } = settings;
  const isTest = claim.certificateUrl === testSender?.certificateUrl;
  if (!isTest && !isCertificateUrl(claim.certificateUrl)) {
    return refused("certificate_refused", "PAYPAL-CERT-URL is not the URL of a certificate of PayPal's.");
  }
  const certificates = isTest ? testSender.certificates : await outside.text(claim.certificateUrl);
  if (certificates === undefined) return refused("certificate_unknown", "PayPal has no certificate of that name.");
  const headers = new Map([...request.headers, [certificateHeader, certificates]]);
  return { kind: "prepared", request: { ...request, headers } };
}

/**
 * RSA-SHA256 over `transmissionId|transmissionTime|webhookId|crc32(body)`, under the key of the certificate that
 * `preparePaypal` has brought. Each webhook id is tried.
 * Source: https://developer.paypal.com/api/rest/webhooks/rest/ ("Self verification method")
 */
export function verifyPaypal(request: WebhookRequest, settings: PaypalSettings, nowMs: number): Verification {
  const claim = readClaim(request, settings, nowMs);
  if (claim.kind === "refused") return claim;
  const certificates = request.headers.get(certificateHeader);
  if (certificates === undefined || certificates === "") {
    return refused("certificate_missing", "The certificate that PAYPAL-CERT-URL names has not been fetched.");
  }
  const extraChain = settings.testSender?.certificates;
  const chain = judgeChain({ certificates, extraChain }, nowMs);
  if (chain.kind === "untrusted") return refused("certificate_invalid", `PAYPAL-CERT-URL: ${chain.why}`);
  const isSigned = settings.secrets.map((id) => isSignedFor(id, claim, request.body, chain.publicKey));
  return verdict(isSigned.includes(true));
}

interface Claim {
  readonly kind: "claim";
  readonly transmissionId: string;
  /** As it is written, since it is signed so. */
  readonly time: string;
  readonly signature: Uint8Array;
  readonly certificateUrl: string;
}

/** What the headers say, and whether it could be right; costs nothing. */
function readClaim({ headers }: WebhookRequest, settings: PaypalSettings, nowMs: number): Claim | Refusal {
  const given = headers.get("paypal-transmission-sig");
  if (given === undefined || given === "") return missingSignature;
  const time = headers.get("paypal-transmission-time");
  if (time === undefined || time === "") return refused("timestamp_missing", "There is no PAYPAL-TRANSMISSION-TIME.");
  const timeMs = msOfIso(time);
  if (timeMs === undefined) return refused("timestamp_malformed", "PAYPAL-TRANSMISSION-TIME is not an ISO 8601 time.");
  const untimely = checkAge(Math.floor(nowMs / 1000) - Math.floor(timeMs / 1000), settings.toleranceSeconds);
  if (untimely !== undefined) return untimely;
  const signature = Buffer.from(given, "base64");
  // Decoders forgive what a signature mustn't: blanks, unused bits at its end.
  if (given.length > 1_000 || signature.toString("base64") !== given) {
    return refused("signature_malformed", "PAYPAL-TRANSMISSION-SIG is not base64.");
  }
  if (headers.get("paypal-auth-algo") !== paypalAlgorithm) {
    return refused("signature_malformed", `PAYPAL-AUTH-ALGO is not ${paypalAlgorithm}.`);
  }
  const transmissionId = headers.get("paypal-transmission-id");
  if (transmissionId === undefined || !/^[\w-]{1,100}$/.test(transmissionId)) {
    return refused("signature_malformed", "PAYPAL-TRANSMISSION-ID is missing, or is no id.");
  }
  const certificateUrl = headers.get("paypal-cert-url");
  if (certificateUrl === undefined) return refused("certificate_missing", "There is no PAYPAL-CERT-URL.");
  return { kind: "claim", transmissionId, time, signature, certificateUrl };
}

function isSignedFor(webhookId: string, claim: Claim, body: Uint8Array, publicKey: KeyObject): boolean {
  return verifySignature("sha256", signedMessage(claim, webhookId, body), publicKey, claim.signature);
}
