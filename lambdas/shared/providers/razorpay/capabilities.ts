import { type PlainSettings, plainSettings } from "../secret-value.ts";
import type { Capabilities } from "../types.ts";

/** `secrets` are those that were made up when the webhooks were set up. Live and test mode have one each. */
export const razorpayCapabilities: Capabilities<PlainSettings> = {
  settings: plainSettings,
  archivedHeaders: () => ["x-razorpay-signature", "x-razorpay-event-id"],
  isTimestamped: () => false,
  documentation: "https://razorpay.com/docs/webhooks/validate-test/",
};
