import type { PaymentEvent } from "../../../config/events.ts";
import type { TierOf } from "../domain/routing.ts";
import type { LogFields } from "./log.ts";

/** Makes what a log line says of an event: ids and kinds, nothing of its content. */
export function createEventFields(tierOf: TierOf): (event: PaymentEvent) => LogFields {
  return (event) => {
    const { eventId, transactionId, provider, type, correlationId } = event;
    return { eventId, transactionId, provider, type, correlationId, tier: tierOf(event) };
  };
}
