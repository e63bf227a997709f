import * as v from "valibot";
import type { ExponentOverrides } from "../../domain/money.ts";
import { liveSecrets } from "../secret-value.ts";
import type { Capabilities } from "../types.ts";

/** Hexadecimal, as the Customer Area generates it; letters of two cases are a slip of whoever copied it. */
const hmacKey = v.pipe(v.string(), v.regex(/^(?:(?:[0-9A-F]{2}){16,64}|(?:[0-9a-f]{2}){16,64})$/));

const adyenSettings = v.object({
  secrets: v.pipe(liveSecrets, v.array(hmacKey)),
  /**
   * What the webhook's "Basic authentication" says. Where it is given, nobody else's requests are taken. Where it isn't,
   * money that only a field outside of the signature tells of waits for a person: what CANCEL_OR_REFUND and REVERSAL did,
   * and, with manual capture, whether an authorisation is paid as it is.
   */
  credentials: v.optional(
    v.pipe(
      v.array(
        v.object({
          username: v.pipe(v.string(), v.minLength(1), v.maxLength(256), v.excludes(":")),
          password: v.pipe(v.string(), v.minLength(1), v.maxLength(256)),
        }),
      ),
      v.minLength(1),
      v.maxLength(10),
    ),
  ),
  /**
   * How the merchant account captures: `automatic` (the default) makes AUTHORISATION the payment, `manual` makes CAPTURE
   * it. Source: https://docs.adyen.com/online-payments/capture
   */
  capture: v.optional(v.picklist(["automatic", "manual"]), "automatic"),
  /**
   * What becomes of events of Adyen's test environment: `record` (the default) keeps them without money, `route` treats
   * them like those of the live one, for environments that belong to a test account.
   */
  testEvents: v.optional(v.picklist(["record", "route"]), "record"),
});
export type AdyenSettings = v.InferOutput<typeof adyenSettings>;

export const adyenCapabilities: Capabilities<AdyenSettings> = {
  settings: adyenSettings,
  // Signatures of items are in the body; the credentials belong nowhere else.
  archivedHeaders: () => ["hmacsignature"],
  isTimestamped: () => false,
  documentation: "https://docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures",
};

/** The key's bytes. */
export function keyOf(secret: string): Uint8Array {
  return Buffer.from(secret, "hex");
}

/**
 * Where Adyen's minor units aren't ISO's: its table marks these four as different from the standard.
 * Source: https://docs.adyen.com/development-resources/currency-codes/
 */
export const adyenExponents: ExponentOverrides = new Map([
  ["CLP", 2],
  ["CVE", 0],
  ["IDR", 0],
  ["ISK", 2],
]);
