/** What goes onto the queue `webhook-events` for the events of one webhook, whichever way they come in. */
import type { PaymentEvent, ReplayNote, WebhookMessage } from "../../../config/events.ts";
import { limits } from "../../../config/limits.ts";
import { claimChecked, inlineRaw, packBody } from "./raw-webhook.ts";
import type { PayloadStore } from "./webhook-ports.ts";

export interface AcceptedWebhook {
  /** A provider's verified post, or an internal, authorised re-entry (WEBHOOK_RULES 17). */
  readonly source: WebhookMessage["source"];
  readonly events: readonly PaymentEvent[];
  readonly body: Uint8Array;
  readonly bodySha256: string;
  /** The headers to keep for the archive; none where nobody has signed the body. */
  readonly headers: Readonly<Record<string, string>>;
  /** Who sends it again and why; only of a replay. */
  readonly replay?: ReplayNote;
}

/**
 * One serialized WebhookMessage per event. While they stay within 64 KiB together the body travels in each of them;
 * otherwise it is stored once and they carry a claim check (WEBHOOK_RULES 12). Its key is derived from the content, so
 * that a resent webhook finds its body stored already, and from the day: one that comes back weeks later must not rely
 * on a body that is about to expire.
 */
export async function messagesOf(webhook: AcceptedWebhook, payloads: PayloadStore): Promise<readonly string[]> {
  const { source, events, body, bodySha256, headers, replay } = webhook;
  const told = { version: 1, source, ...(replay && { replay }) } as const;
  const packed = packBody(body);
  const inline = inlineRaw({ headers, body, sha256: bodySha256, packed });
  // A body that is too large by itself needn't be serialized to find out.
  if (packed.bytes.length * events.length <= limits.inlineMessageBytes) {
    const messages = events.map((event) => serialize({ ...told, event, raw: inline }));
    const sizeBytes = messages.reduce((sum, message) => sum + Buffer.byteLength(message), 0);
    if (sizeBytes <= limits.inlineMessageBytes) return messages;
  }
  const { provider = "unknown", receivedAt = "" } = events[0] ?? {};
  const key = `${provider}/${receivedAt.slice(0, 10)}/${bodySha256}${packed.encoding === "zstd" ? ".zst" : ""}`;
  const stored = claimChecked(inline, await payloads.put(key, packed.bytes));
  return events.map((event) => serialize({ ...told, event, raw: stored }));
}

/** JSON, with the two characters escaped that JSON allows and SQS refuses. */
function serialize(message: WebhookMessage): string {
  return JSON.stringify(message).replace(/[\uFFFE\uFFFF]/g, (char) => `\\u${char.charCodeAt(0).toString(16)}`);
}
