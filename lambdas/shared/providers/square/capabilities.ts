import * as v from "valibot";
import { liveSecrets } from "../secret-value.ts";
import type { Capabilities } from "../types.ts";

const notificationUrl = v.pipe(v.string(), v.url(), v.maxLength(2048));

/** `secrets` are the signature keys of the subscriptions that point here. */
const squareSettings = v.object({
  secrets: liveSecrets,
  /**
   * The URLs under which the subscriptions are registered, to the letter, since Square signs them with the body: what
   * reaches us behind a proxy or a custom domain doesn't say under which name it was sent. Each is tried with each secret.
   */
  notificationUrls: v.pipe(v.array(notificationUrl), v.minLength(1), v.maxLength(5)),
});
export type SquareSettings = v.InferOutput<typeof squareSettings>;

export const squareCapabilities: Capabilities<SquareSettings> = {
  settings: squareSettings,
  archivedHeaders: () => ["x-square-hmacsha256-signature"],
  isTimestamped: () => false,
  documentation: "https://developer.squareup.com/docs/webhooks/step3validate",
};
