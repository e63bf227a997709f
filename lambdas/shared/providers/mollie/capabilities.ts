import * as v from "valibot";
import { liveSecrets, type PlainSettings } from "../secret-value.ts";
import type { MacScheme } from "../signatures.ts";
import type { Capabilities } from "../types.ts";

/** Of the next generation's webhooks. */
export const signatureHeader = "x-mollie-signature";

/**
 * Where the form stands that a classic webhook posts: what it speaks of was fetched, and took the body's place. HTTP
 * allows no space and no bracket in a header's name, so that no request can bring this one, or the two below, itself.
 */
export const postedHeader = "mollie-webhook (as posted)";
/** Where the entity of a signed event stands that came without it. */
export const entityHeader = "mollie-entity (fetched)";
/** Our own proof of what was fetched, by the API key that it was fetched with: see `fetchedParts`. */
export const attestationHeader = "mollie-signature (of what was fetched)";

/** Hex HMAC-SHA256. */
export const mollieScheme: MacScheme = { algorithm: "sha256", encoding: "hex" };

/** Source: https://docs.mollie.com/reference/authentication */
const apiKey = /^(live|test)_[A-Za-z0-9]{30,64}$/;

/**
 * `secrets` are of two kinds, told apart by their form, so that either may be rotated, and either left out: signing
 * secrets of webhooks of the next generation, and API keys (`live_…`, `test_…`) of the profiles whose payments classic
 * webhooks tell of. The keys are of one mode: test payments don't belong into the books of live ones.
 */
const mollieSettings = v.object({
  secrets: v.pipe(
    liveSecrets,
    v.check((secrets) => new Set(secrets.filter(isApiKey).map(modeOf)).size <= 1, "API keys of both modes"),
  ),
});
export type MollieSettings = PlainSettings;

export const mollieCapabilities: Capabilities<MollieSettings> = {
  settings: mollieSettings,
  archivedHeaders: () => [signatureHeader, attestationHeader, postedHeader, entityHeader],
  isTimestamped: () => false,
  documentation: "https://docs.mollie.com/reference/webhooks-new",
};

function isApiKey(secret: string): boolean {
  return apiKey.test(secret);
}

export function apiKeysOf({ secrets }: MollieSettings): readonly string[] {
  return secrets.filter(isApiKey);
}

export function signingSecretsOf({ secrets }: MollieSettings): readonly string[] {
  return secrets.filter((secret) => !isApiKey(secret));
}

/** The mode of the payments that a key opens. */
export function modeOf(key: string): string {
  return key.slice(0, 4);
}
