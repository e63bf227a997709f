import * as v from "valibot";
import { liveSecrets } from "../secret-value.ts";
import type { MacScheme } from "../signatures.ts";
import type { Capabilities } from "../types.ts";

/**
 * Where the amounts stand that were fetched for the events of a body, and our own proof of them. HTTP allows no space and
 * no bracket in a header's name, so that no request can bring these itself.
 */
export const amountsHeader = "gocardless-amounts (fetched)";
export const amountsProofHeader = "gocardless-amounts (signature of what was fetched)";

/** Hex HMAC-SHA256 of the body. */
export const gocardlessScheme: MacScheme = { algorithm: "sha256", encoding: "hex" };

const gocardlessSettings = v.object({
  secrets: liveSecrets,
  /**
   * A read-only access token. GoCardless's events say which payment, refund or payout they are about, and not how much it
   * is: without a token to ask with, all their money is unroutable.
   */
  accessToken: v.optional(v.pipe(v.string(), v.regex(/^[\w-]{8,200}$/))),
  /** Whether token and webhooks are the sandbox's. */
  sandbox: v.optional(v.boolean(), false),
});
export type GocardlessSettings = v.InferOutput<typeof gocardlessSettings>;

export const gocardlessCapabilities: Capabilities<GocardlessSettings> = {
  settings: gocardlessSettings,
  archivedHeaders: () => ["webhook-signature", amountsHeader, amountsProofHeader],
  // GoCardless asks for it: "Token Invalid".
  refusalStatus: 498,
  isTimestamped: () => false,
  documentation: "https://developer.gocardless.com/api-reference/#webhooks-overview",
};
