import type { PaymentEvent } from "../../config/events.ts";
import { sha256Hex } from "../shared/domain/raw-webhook.ts";

/**
 * Fingerprint of what an event says: of what, under which name, and how much. Times aren't in it, since a provider
 * without a time in the body gets another one with each delivery; nor are the bytes, since providers change counters
 * around the object when they send again; nor is the object's version, which is another one in each rendering: two
 * subscriptions at Shopify tell one event in two API versions.
 */
export function contentOf(event: PaymentEvent): string {
  const { transactionId, providerType, contentDigest, amountMinor, currency, amountProblem } = event;
  return sha256Hex(JSON.stringify([transactionId, providerType, contentDigest, amountMinor, currency, amountProblem]));
}
