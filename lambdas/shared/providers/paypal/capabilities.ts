import * as v from "valibot";
import { liveSecrets } from "../secret-value.ts";
import type { Capabilities } from "../types.ts";

/**
 * Where the fetched certificates stand among the headers. HTTP allows no space and no bracket in a header's name, so
 * that no request can bring them itself.
 */
export const certificateHeader = "paypal-cert-url (fetched)";

const pem = v.pipe(v.string(), v.maxLength(16_384), v.includes("-----BEGIN "));

/** As PayPal's API describes ids, and the one of its simulator. */
const webhookId = /^([A-Za-z0-9]{1,50}|WEBHOOK_ID)$/;

/**
 * PayPal signs with a key of its own, and for a webhook's id: `secrets` are the ids of the webhooks that point here, as
 * the developer dashboard shows them. They are no keys: who knows one can check signatures and not make them.
 */
const paypalSettings = v.object({
  secrets: v.pipe(
    liveSecrets,
    v.check((ids) => ids.every((id) => webhookId.test(id)), "not webhook ids"),
  ),
  /**
   * How old a signature may be; 300 s if absent, up to the three days for which PayPal sends again. PayPal doesn't say
   * whether a repetition is signed anew: if yours are refused as `timestamp_stale`, this lets them in, and the event's id
   * still keeps an old one from counting twice.
   */
  toleranceSeconds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(300), v.maxValue(3 * 24 * 60 * 60 + 300))),
  /**
   * A sender besides PayPal, for the local runtime, `cli send` and smoke tests: whoever has this key can sign. Leave it
   * out where only PayPal may send.
   */
  testSender: v.optional(
    v.object({
      /** The URL that names its certificate; nobody fetches it. */
      certificateUrl: v.pipe(v.string(), v.url(), v.maxLength(500)),
      /** Its certificate, then that of the authority that issued it. */
      certificates: pem,
      privateKey: pem,
    }),
  ),
});
export type PaypalSettings = v.InferOutput<typeof paypalSettings>;

export const paypalCapabilities: Capabilities<PaypalSettings> = {
  settings: paypalSettings,
  archivedHeaders: () => [
    "paypal-transmission-id",
    "paypal-transmission-time",
    "paypal-transmission-sig",
    "paypal-cert-url",
    "paypal-auth-algo",
    certificateHeader,
  ],
  isTimestamped: () => true,
  documentation: "https://developer.paypal.com/api/rest/webhooks/rest/#message-verification",
};

/**
 * Currencies in which PayPal takes no decimals, though two of them have minor units in ISO 4217.
 * Source: https://developer.paypal.com/api/rest/reference/currency-codes/
 */
export const wholeUnitCurrencies: ReadonlySet<string> = new Set(["HUF", "JPY", "TWD"]);
