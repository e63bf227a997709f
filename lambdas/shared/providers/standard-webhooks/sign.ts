import { macOf } from "../signatures.ts";
import type { Sign } from "../types.ts";
import { keyOf, type StandardWebhooksSettings } from "./capabilities.ts";
import { standardWebhooksScheme } from "./verify.ts";

/** One `v1` per live secret, separated by spaces. */
export const signStandardWebhooks: Sign<StandardWebhooksSettings> = ({ body, settings, nowMs, deliveryId }) => {
  const timestamp = String(Math.floor(nowMs / 1000));
  const parts = [`${deliveryId}.${timestamp}.`, body];
  const signatures = settings.secrets.map((secret) => `v1,${macOf(standardWebhooksScheme, keyOf(secret), parts)}`);
  const headers = {
    "webhook-id": deliveryId,
    "webhook-timestamp": timestamp,
    "webhook-signature": signatures.join(" "),
  };
  return { body, headers };
};
