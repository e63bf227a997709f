/** Money that the provider moved, compared with what the ledger has of its transaction. */
import type { PaymentEventType } from "../../../../config/events.ts";
import type { Discrepancy, DiscrepancyKind } from "../../../../config/reconciliation.ts";
import type { FactRecord } from "../archive/records.ts";
import { sideOf } from "./judge-event.ts";
import type { MoneyMovement } from "./provider-ledger.ts";

/** Types of our facts that tell of a movement. */
const typesOf: Readonly<Record<MoneyMovement["kind"], readonly PaymentEventType[]>> = {
  payment: ["payment.succeeded"],
  refund: ["refund.created"],
  payout: ["payout.paid", "payout.failed"],
  dispute: ["dispute.opened", "dispute.closed"],
};

export interface MovementTrouble {
  readonly trouble: DiscrepancyKind;
  readonly ours?: Discrepancy["ours"];
  /** The one fact that differs: the trouble is that event's, whether its event or its money showed it. */
  readonly eventId?: string;
}

/**
 * Undefined when the ledger has the movement.
 *
 * A payout is money from the day on which it is sent, and told as paid when it arrives: until then any fact of it will do.
 */
export function judgeMovement(
  { kind, amountMinor, currency }: Pick<MoneyMovement, "kind" | "amountMinor" | "currency">,
  facts: readonly FactRecord[],
): MovementTrouble | undefined {
  if (facts.length === 0) return { trouble: "unknown-money" };
  const told = facts.filter(({ type, sameFactAs }) => typesOf[kind].includes(type) && sameFactAs === undefined);
  if (told.length === 0) {
    const [latest] = facts.toSorted((a, b) => (a.occurredAt < b.occurredAt ? 1 : -1));
    return kind === "payout" || latest === undefined
      ? undefined
      : { trouble: "status-mismatch", ours: { status: latest.type } };
  }
  const sameMoney = told.some((fact) => fact.currency === currency && fact.amountMinor?.toString() === amountMinor);
  if (sameMoney) return undefined;
  const [fact, ...others] = told;
  const isSameCurrency = told.some((one) => one.currency === currency);
  return {
    trouble: isSameCurrency ? "amount-mismatch" : "currency-mismatch",
    ...(fact !== undefined && others.length === 0 && { eventId: fact.eventId, ours: sideOf(fact) }),
  };
}
