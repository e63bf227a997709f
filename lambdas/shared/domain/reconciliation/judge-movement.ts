/** Money that the provider moved, compared with what the ledger has of its transaction. */
import type { PaymentEventType } from "../../../../config/events.ts";
import {
  type Discrepancy,
  type DiscrepancyKind,
  reconciliationMarginMinutes,
} from "../../../../config/reconciliation.ts";
import type { FactRecord } from "../archive/records.ts";
import { sideOf } from "./judge-event.ts";
import type { MoneyMovement } from "./provider-ledger.ts";

/** Types of our facts that tell of a movement. */
const typesOf: Readonly<Record<MoneyMovement["kind"], readonly PaymentEventType[]>> = {
  payment: ["payment.succeeded"],
  "payment-failure": ["payment.failed"],
  refund: ["refund.created"],
  "refund-failure": ["other"],
  payout: ["payout.paid", "payout.failed"],
  "payout-failure": ["payout.failed"],
  dispute: ["dispute.opened", "dispute.closed"],
};
/** Our vocabulary has no word for a refund that fails: the provider's words for it. */
const refundFailures: ReadonlySet<string> = new Set(["refund.failed", "charge.refund.updated"]);

const marginMs = reconciliationMarginMinutes * 60_000;

type Movement = Pick<MoneyMovement, "kind" | "amountMinor" | "currency" | "occurredAt" | "madeAt">;

export interface MovementTrouble {
  readonly trouble: DiscrepancyKind;
  readonly ours?: Discrepancy["ours"];
  /** The one fact that differs: the trouble is that event's, whether its event or its money showed it. */
  readonly eventId?: string;
}

/** Facts that tell of such a movement and say the same of its money, oldest first. */
export function factsLike(
  { kind, amountMinor, currency }: Pick<MoneyMovement, "kind" | "amountMinor" | "currency">,
  facts: readonly FactRecord[],
): readonly FactRecord[] {
  return facts
    .filter((fact) => tells(kind, fact) && fact.currency === currency && fact.amountMinor?.toString() === amountMinor)
    .toSorted((a, b) => (a.occurredAt < b.occurredAt ? -1 : 1));
}

/**
 * The fact that tells of a movement. A payment may be given back in several refunds, two of them of the same amount: a
 * fact tells of one of them, and of none that was made after it.
 *
 * @param isTaken whether a fact, by its event's id, tells of another refund
 */
export function factOfMovement(
  movement: Movement,
  facts: readonly FactRecord[],
  isTaken: (eventId: string) => boolean,
): FactRecord | undefined {
  const alike = factsLike(movement, facts);
  return movement.kind === "refund" ? alike.find((fact) => isFree(movement, fact, isTaken)) : alike[0];
}

/**
 * What is wrong with a movement that no fact tells of (`factOfMovement`); undefined where it may be on its way. A payout
 * is money from the day on which it is sent, and told as paid when it arrives: until then any fact of it will do.
 */
export function judgeMovement(
  movement: Movement,
  facts: readonly FactRecord[],
  isTaken: (eventId: string) => boolean,
): MovementTrouble | undefined {
  const { kind, currency } = movement;
  if (facts.length === 0) return { trouble: "unknown-money" };
  const told = facts.filter((fact) => tells(kind, fact));
  if (told.length === 0) {
    const [latest] = facts.toSorted((a, b) => (a.occurredAt < b.occurredAt ? 1 : -1));
    return kind === "payout" || latest === undefined
      ? undefined
      : { trouble: "status-mismatch", ours: { status: latest.type } };
  }
  const open = kind === "refund" ? told.filter((fact) => isFree(movement, fact, isTaken)) : told;
  // All that is told of are other refunds.
  if (open.length === 0) return { trouble: "unknown-money" };
  const [fact, ...others] = open;
  const isSameCurrency = open.some((one) => one.currency === currency);
  return {
    trouble: isSameCurrency ? "amount-mismatch" : "currency-mismatch",
    ...(fact !== undefined && others.length === 0 && { eventId: fact.eventId, ours: sideOf(fact) }),
  };
}

function tells(kind: MoneyMovement["kind"], { type, providerType, sameFactAs }: FactRecord): boolean {
  if (!typesOf[kind].includes(type) || sameFactAs !== undefined) return false;
  return kind !== "refund-failure" || refundFailures.has(providerType);
}

function isFree({ madeAt, occurredAt }: Movement, fact: FactRecord, isTaken: (eventId: string) => boolean): boolean {
  // The two clocks may differ by the margin that windows have.
  return Date.parse(fact.occurredAt) >= Date.parse(madeAt ?? occurredAt) - marginMs && !isTaken(fact.eventId);
}
