import type { PaymentEvent } from "../../config/events.ts";
import { sha256Hex } from "../shared/domain/raw-webhook.ts";

/**
 * Fingerprint of what an event says. Times aren't in it, since a provider without a time in the body gets another one
 * with each delivery; nor are the bytes, since providers change counters around the object when they send again.
 */
export function contentOf(event: PaymentEvent): string {
  const { transactionId, providerType, objectVersion, amountMinor, currency } = event;
  return sha256Hex(JSON.stringify([transactionId, providerType, objectVersion, amountMinor, currency]));
}
