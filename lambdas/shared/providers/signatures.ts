/** What the HMAC schemes have in common: constant-time comparison and the tolerance of signed timestamps. */
import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from "node:crypto";
import { limits } from "../../../config/limits.ts";
import type { Refusal, RefusalCode, Verification } from "./types.ts";

export interface MacScheme {
  readonly algorithm: "sha1" | "sha256" | "sha512";
  readonly encoding: "hex" | "base64";
}

/** A secret's text as it is, or what its text stands for. */
export type MacKey = string | Uint8Array | KeyObject;

/** The message authentication code of the parts, one after the other, as text. */
export function macOf(scheme: MacScheme, key: MacKey, parts: readonly (string | Uint8Array)[]): string {
  const hmac = createHmac(scheme.algorithm, key);
  for (const part of parts) hmac.update(part);
  return hmac.digest(scheme.encoding);
}

/** More than any provider has live at once. */
const maxRemembered = 32;

/**
 * Remembers what secrets' texts stand for, in the form that node:crypto wants: it turns a key of bytes into one anew at
 * each use, which takes four times as long as the code of a body of 2 KB.
 */
export function rememberedKeys(bytesOf: (secret: string) => Uint8Array): (secret: string) => KeyObject {
  const known = new Map<string, KeyObject>();
  return (secret) => {
    const found = known.get(secret);
    if (found !== undefined) return found;
    if (known.size >= maxRemembered) known.clear();
    const key = createSecretKey(bytesOf(secret));
    known.set(secret, key);
    return key;
  };
}

/**
 * Whether one of the signatures is the code of one of the keys (WEBHOOK_RULES 3). Every key is tried against every
 * signature, in constant time, without stopping at a match. Encoded texts are compared and not decoded bytes, because
 * decoders forgive what a signature mustn't: upper-case hex, unused bits at the end of base64.
 */
export function anyMatches(
  scheme: MacScheme,
  keys: readonly MacKey[],
  parts: readonly (string | Uint8Array)[],
  signatures: readonly string[],
): boolean {
  const given = signatures.map((signature) => Buffer.from(signature));
  let matches = false;
  for (const key of keys) {
    const expected = Buffer.from(macOf(scheme, key, parts));
    for (const signature of given) {
      const isEqual = signature.length === expected.length && timingSafeEqual(signature, expected);
      matches = isEqual || matches;
    }
  }
  return matches;
}

/**
 * What we sign ourselves of what was fetched about a webhook: the header that holds it, the header's text and the body.
 * The provider signs none of it; this proves later, as a signature would, that nobody has changed it since.
 */
export function fetchedParts(header: string, text: string, body: Uint8Array): readonly (string | Uint8Array)[] {
  return [`${header}\n${text.length}\n${text}\n`, body];
}

/**
 * Whether a signed time in whole seconds since 1970 is recent (WEBHOOK_RULES 2): at most 300 s away from now, either
 * way. Undefined if it is; it says nothing about order.
 */
export function checkTimestamp(timestamp: string | undefined, nowMs: number): Refusal | undefined {
  if (timestamp === undefined || timestamp === "") return refused("timestamp_missing", "There is no signed timestamp.");
  if (!/^\d{1,11}$/.test(timestamp)) {
    return refused("timestamp_malformed", "The signed timestamp is not a number of seconds since 1970.");
  }
  return checkAge(Math.floor(nowMs / 1000) - Number(timestamp));
}

/** The same of an age in seconds, which is below zero for a time to come. */
export function checkAge(
  ageSeconds: number,
  pastSeconds: number = limits.signatureToleranceSeconds,
): Refusal | undefined {
  const futureSeconds = limits.signatureToleranceSeconds;
  if (ageSeconds > pastSeconds) {
    return refused("timestamp_stale", `The signed timestamp is ${ageSeconds} s old; ${pastSeconds} s are allowed.`);
  }
  if (ageSeconds < -futureSeconds) {
    return refused(
      "timestamp_future",
      `The signed timestamp is ${-ageSeconds} s ahead; ${futureSeconds} s are allowed.`,
    );
  }
  return undefined;
}

/** The values of a header's elements `<name>=<value>`, given the name with its sign, such as `v1=`. */
export function valuesOf(elements: readonly string[], prefix: string): readonly string[] {
  return elements.filter((element) => element.startsWith(prefix)).map((element) => element.slice(prefix.length));
}

export function refused(code: RefusalCode, detail: string): Refusal {
  return { kind: "refused", code, detail };
}

export const missingSignature: Refusal = refused("signature_missing", "The request carries no signature.");

/** The verdict of a comparison. */
export function verdict(matches: boolean): Verification {
  return matches
    ? { kind: "valid" }
    : refused("signature_mismatch", "The signature is not one of the body's under any live secret.");
}
