import { createHash, timingSafeEqual } from "node:crypto";
import { limits } from "../../../../config/limits.ts";
import {
  anyMatches,
  type MacKey,
  type MacScheme,
  missingSignature,
  refused,
  rememberedKeys,
  verdict,
} from "../signatures.ts";
import type { Outside, Preparation, Verification, WebhookRequest } from "../types.ts";
import { type AdyenSettings, keyOf } from "./capabilities.ts";
import { itemsOf, parseAdyen, signatureOf, signedText } from "./items.ts";

/** Base64 HMAC-SHA256, under a key that is written in hex. */
export const adyenScheme: MacScheme = { algorithm: "sha256", encoding: "base64" };

const keyObjectOf = rememberedKeys(keyOf);

/**
 * Refuses requests without the credentials that the settings list. It happens here and not in `verify`, since they are
 * not archived: whoever proves the signature again later has none.
 * Source: https://docs.adyen.com/development-resources/webhooks/secure-webhooks
 */
export async function prepareAdyen(
  request: WebhookRequest,
  { credentials }: AdyenSettings,
  _outside?: Outside,
): Promise<Preparation> {
  if (credentials === undefined) return { kind: "prepared", request };
  const given = request.headers.get("authorization");
  if (given === undefined || given === "") return refused("credentials_missing", "There is no Authorization header.");
  const digest = sha256(given.replace(/^basic +/i, "Basic "));
  const matches = credentials.map((known) => timingSafeEqual(digest, sha256(basicAuthorization(known))));
  return matches.includes(true)
    ? { kind: "prepared", request }
    : refused("credentials_mismatch", "The Authorization header is not the one agreed on.");
}

/** RFC 7617. */
export function basicAuthorization({ username, password }: { readonly username: string; readonly password: string }) {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

/**
 * Two schemes under one key. Webhooks of platforms and of the Management API have `HmacSignature`, over the whole body;
 * in standard webhooks each item has its own, over eight of its values. The rest of an item (time, reason, additional
 * data, whether it is live) is signed by nobody: the credentials are what vouches for it.
 * Source: https://docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures
 */
export function verifyAdyen(request: WebhookRequest, settings: AdyenSettings): Verification {
  const keys = settings.secrets.map(keyObjectOf);
  const header = request.headers.get("hmacsignature");
  if (header !== undefined && header !== "") {
    return verdict(anyMatches(adyenScheme, keys, [request.body], [header]));
  }
  const parsed = parseAdyen(request.body);
  const items = parsed.kind === "parsed" ? itemsOf(parsed.value) : undefined;
  if (items === undefined) return missingSignature;
  if (items.length > limits.webhookItems) {
    return refused("signature_malformed", `The body has more than ${limits.webhookItems} items to verify.`);
  }
  return verdictOnItems(items, keys);
}

function verdictOnItems(items: readonly unknown[], keys: readonly MacKey[]): Verification {
  const isSigned = items.map((item) => isItemSigned(item, keys));
  const places = items.map((_, place) => place).filter((place) => isSigned[place]);
  if (places.length > 0) return places.length === items.length ? { kind: "valid" } : { kind: "valid", items: places };
  return items.some((item) => signatureOf(item) !== undefined) ? verdict(false) : missingSignature;
}

function isItemSigned(item: unknown, keys: readonly MacKey[]): boolean {
  const signature = signatureOf(item);
  const text = signedText(item);
  return signature !== undefined && text !== undefined && anyMatches(adyenScheme, keys, [text], [signature]);
}
