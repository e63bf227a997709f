import type { PlainSettings } from "../secret-value.ts";
import { macOf } from "../signatures.ts";
import type { Sign } from "../types.ts";
import { razorpayScheme } from "./verify.ts";

/** The header holds one signature, so the newest secret signs. The type travels in the body. */
export const signRazorpay: Sign<PlainSettings> = ({ body, settings, deliveryId }) => ({
  body,
  headers: {
    "x-razorpay-signature": macOf(razorpayScheme, settings.secrets[0] ?? "", [body]),
    "x-razorpay-event-id": deliveryId,
  },
});
