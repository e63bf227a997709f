import { type PlainSettings, plainSettings } from "../secret-value.ts";
import type { Capabilities } from "../types.ts";

/** `secrets` are the secret keys of the notification destinations that point here. */
export const paddleCapabilities: Capabilities<PlainSettings> = {
  settings: plainSettings,
  archivedHeaders: () => ["paddle-signature"],
  isTimestamped: () => true,
  documentation: "https://developer.paddle.com/webhooks/about/signature-verification",
};
