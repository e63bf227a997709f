import type { PlainSettings } from "../secret-value.ts";
import { macOf } from "../signatures.ts";
import type { Sign } from "../types.ts";
import { stripeScheme } from "./verify.ts";

/** One `v1` per live secret, as Stripe does while a secret is rotated. Id and type travel in the body. */
export const signStripe: Sign<PlainSettings> = ({ body, settings, nowMs }) => {
  const timestamp = Math.floor(nowMs / 1000);
  const signatures = settings.secrets.map((secret) => `v1=${macOf(stripeScheme, secret, [`${timestamp}.`, body])}`);
  return { body, headers: { "stripe-signature": [`t=${timestamp}`, ...signatures].join(",") } };
};
