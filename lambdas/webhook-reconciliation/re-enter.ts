import { messagesOf } from "../shared/domain/webhook-messages.ts";
import type { PayloadStore } from "../shared/domain/webhook-ports.ts";
import type { ReadEvent } from "./read-event.ts";

/** Messages for the queue `webhook-events` that bring an event in by the internal path: nobody has signed it. */
export function messagesFor(
  { event, body, bodySha256 }: Extract<ReadEvent, { readonly kind: "event" }>,
  payloads: PayloadStore,
): Promise<readonly string[]> {
  return messagesOf({ source: "reconciliation", events: [event], body, bodySha256, headers: {} }, payloads);
}
