import * as v from "valibot";
import { liveSecrets } from "../secret-value.ts";
import type { Capabilities } from "../types.ts";

/** `whsec_` and the key as base64. The specification wants 24 to 64 bytes; its own example has 18. */
const secretText = v.pipe(
  v.string(),
  v.regex(/^whsec_(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/),
  v.check((text) => keyOf(text).length >= 16 && keyOf(text).length <= 64),
);

const standardWebhooksSettings = v.object({
  secrets: v.pipe(liveSecrets, v.array(secretText)),
  /**
   * The unit of `data.amount`: the specification doesn't say, and it is never guessed. `minor` (the default) takes
   * integers only, `major` takes decimal numbers and text.
   */
  amountUnit: v.optional(v.picklist(["minor", "major"]), "minor"),
});
export type StandardWebhooksSettings = v.InferOutput<typeof standardWebhooksSettings>;

export const standardWebhooksCapabilities: Capabilities<StandardWebhooksSettings> = {
  settings: standardWebhooksSettings,
  archivedHeaders: () => [...headerNames("webhook"), ...headerNames("svix")],
  isTimestamped: () => true,
  documentation: "https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md",
};

/** The key's bytes. */
export function keyOf(secret: string): Uint8Array {
  return Buffer.from(secret.slice("whsec_".length), "base64");
}

/** Names of id, timestamp and signature; Svix's own senders use their older prefix. */
export function headerNames(prefix: "webhook" | "svix"): readonly [id: string, timestamp: string, signature: string] {
  return [`${prefix}-id`, `${prefix}-timestamp`, `${prefix}-signature`];
}
