import * as v from "valibot";
import { liveSecrets } from "../secret-value.ts";
import type { Capabilities } from "../types.ts";

/** As the control panel shows API keys: letters, digits and a few marks, none of which separates anything. */
const keyPair = /^[\w-]{1,200}:[\w-]{1,200}$/;

/**
 * The pairs of an API key, `<public key>:<private key>`, as Braintree's control panel shows them beside each other. A
 * notification is signed by every API key that the gateway has.
 */
const braintreeSettings = v.object({
  secrets: v.pipe(
    liveSecrets,
    v.check((pairs) => pairs.every((pair) => keyPair.test(pair)), "not <public key>:<private key>"),
  ),
});
export type BraintreeSettings = v.InferOutput<typeof braintreeSettings>;

/** The signature is in the body, and nothing is read from the headers. */
export const braintreeCapabilities: Capabilities<BraintreeSettings> = {
  settings: braintreeSettings,
  archivedHeaders: () => [],
  isTimestamped: () => true,
  documentation: "https://developer.paypal.com/braintree/docs/guides/webhooks/parse",
};

/**
 * How old a notification may be. Its signed time is that of the trigger, and it is the same each time that Braintree
 * sends it again: hourly for 24 hours. Five minutes (WEBHOOK_RULES 2) would refuse every repetition, and so lose what
 * an outage of ours delayed. A week leaves room for what Braintree itself sends late, and ends well within the 35 days
 * for which an event id is remembered, so that a captured notification never counts twice (WEBHOOK_RULES 9).
 */
export const toleratedAgeSeconds = 7 * 24 * 60 * 60;
