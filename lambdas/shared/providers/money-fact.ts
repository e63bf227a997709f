/** What an event means for money, of providers that tell of one object in several of their words. */
import type { PaymentEventType } from "../../../config/events.ts";
import type { EventDraft } from "../domain/payment-event.ts";
import { factVersion, idText } from "./fields.ts";

export interface MoneyFact {
  readonly type: PaymentEventType;
  readonly money?: NonNullable<EventDraft["money"]>;
  /** Object that the event is about; events about one payment share its payment. */
  readonly objectId: unknown;
  /** What makes one fact of the object; its own id stands first. Undefined where that isn't known. */
  readonly version?: readonly unknown[];
}

/**
 * The fact's `objectVersion`, by whatever word it is told. Money that can't be read, and objects without an id, are nobody
 * else's fact (WEBHOOK_RULES 5).
 */
export function versionOf({ type, money, version }: Omit<MoneyFact, "objectId">): string | undefined {
  if (money?.amount.kind !== "exact" || idText(version?.[0]) === undefined) return undefined;
  return factVersion(type, version, money.amount.amountMinor, money.amount.currency);
}
