import type { PaymentEvent } from "../../../config/events.ts";
import { tierOf } from "../domain/routing.ts";
import type { LogFields } from "./log.ts";

/** What a log line says of an event: ids and kinds, nothing of its content. */
export function eventFields(event: PaymentEvent): LogFields {
  const { eventId, transactionId, provider, type, correlationId } = event;
  return { eventId, transactionId, provider, type, correlationId, tier: tierOf(event) };
}
