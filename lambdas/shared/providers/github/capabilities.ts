import { type PlainSettings, plainSettings } from "../secret-value.ts";
import type { Capabilities } from "../types.ts";

export const githubCapabilities: Capabilities<PlainSettings> = {
  settings: plainSettings,
  archivedHeaders: () => ["x-hub-signature-256", "x-github-event", "x-github-delivery"],
  isTimestamped: () => false,
  documentation: "https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries",
};
