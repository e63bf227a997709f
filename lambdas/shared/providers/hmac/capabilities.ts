import * as v from "valibot";
import { liveSecrets } from "../secret-value.ts";
import type { Capabilities } from "../types.ts";

const headerName = v.pipe(v.string(), v.toLowerCase(), v.regex(/^[a-z0-9-]{1,64}$/));

/**
 * The scheme's settings, beside `secrets` in the secret's value. Left out, they describe
 *
 *     X-Webhook-Timestamp: 1795248000
 *     X-Webhook-Signature: sha256=<hex HMAC-SHA256 of "1795248000.<body>">
 *     X-Webhook-Id: <the sender's id of the notification, optional>
 */
const hmacSettings = v.pipe(
  v.object({
    secrets: liveSecrets,
    /** Header of the signature; several of them, for several keys, are separated by commas. */
    header: v.optional(headerName, "x-webhook-signature"),
    /** What stands before each signature. */
    prefix: v.optional(v.pipe(v.string(), v.maxLength(32)), "sha256="),
    algorithm: v.optional(v.picklist(["sha1", "sha256", "sha512"]), "sha256"),
    encoding: v.optional(v.picklist(["hex", "base64"]), "hex"),
    /** What is signed: `{body}` once, and `{timestamp}` and `{id}` where the sender signs those headers too. */
    payload: v.optional(v.pipe(v.string(), v.maxLength(128)), "{timestamp}.{body}"),
    /** Seconds since 1970; checked only where the payload contains it, since an unsigned time proves nothing. */
    timestampHeader: v.optional(headerName, "x-webhook-timestamp"),
    idHeader: v.optional(headerName, "x-webhook-id"),
  }),
  v.forward(
    v.check((settings) => settings.payload.split("{body}").length === 2, "must contain {body} once"),
    ["payload"],
  ),
);
export type HmacSettings = v.InferOutput<typeof hmacSettings>;

export const hmacCapabilities: Capabilities<HmacSettings> = {
  settings: hmacSettings,
  archivedHeaders: ({ header, timestampHeader, idHeader }) => [header, timestampHeader, idHeader],
  isTimestamped: signsTimestamp,
  documentation: "README.md#the-plain-notification-post-webhook",
};

export function signsTimestamp(settings: HmacSettings): boolean {
  return settings.payload.includes("{timestamp}");
}
