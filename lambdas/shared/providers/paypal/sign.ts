import { createHash, sign } from "node:crypto";
import { SigningError } from "../signing-error.ts";
import type { Sign } from "../types.ts";
import type { PaypalSettings } from "./capabilities.ts";
import { paypalAlgorithm, signedMessage } from "./verify.ts";

/**
 * Signs for the newest webhook id with the test sender's key. The transmission's id is made of the delivery's and the
 * time, as a repetition is another transmission.
 * @throws SigningError without a test sender: only PayPal has PayPal's key
 */
export const signPaypal: Sign<PaypalSettings> = ({ body, settings, nowMs, deliveryId }) => {
  const { testSender, secrets } = settings;
  if (testSender === undefined) {
    throw new SigningError(
      'Only PayPal can sign as PayPal. Put a "testSender" into the secret\'s value to send tests: see README, "Provider secrets".',
    );
  }
  const time = new Date(Math.floor(nowMs / 1000) * 1000).toISOString().replace(".000Z", "Z");
  const transmissionId = createHash("sha256").update(`${deliveryId}|${time}`).digest("hex").slice(0, 32);
  const message = signedMessage({ transmissionId, time }, secrets[0] ?? "", body);
  const headers = {
    "paypal-transmission-id": transmissionId,
    "paypal-transmission-time": time,
    "paypal-transmission-sig": sign("sha256", message, testSender.privateKey).toString("base64"),
    "paypal-cert-url": testSender.certificateUrl,
    "paypal-auth-algo": paypalAlgorithm,
  };
  return { body, headers };
};
