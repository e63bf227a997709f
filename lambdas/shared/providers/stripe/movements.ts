/** Money that Stripe moved, read from its balance transactions and payouts. */
import { field, fieldAt } from "../../domain/exact-json.ts";
import { fromMinorUnits } from "../../domain/money.ts";
import type { MoneyMovement } from "../../domain/reconciliation/provider-ledger.ts";
import { msOfSeconds } from "../fields.ts";
import { type MovementReading, unreadable } from "../movement-reading.ts";
import { stripeExponents } from "./capabilities.ts";

/**
 * By `reporting_category`, since `type` says `adjustment` of disputes, of their reversals and of much else. Payouts
 * aren't among them: their transaction is made when the money leaves the balance, days before `payout.paid`.
 * Source: https://docs.stripe.com/reports/reporting-categories
 */
const kinds: ReadonlyMap<unknown, MoneyMovement["kind"]> = new Map([
  ["charge", "payment"],
  ["refund", "refund"],
  ["dispute", "dispute"],
  ["dispute_reversal", "dispute"],
]);

/**
 * A balance transaction that was asked for with `expand[]=data.source`. Its own amount is in the currency of the
 * account's balance; what the customer paid stands in its source. Of a charge that is what was captured: a partial
 * capture has a second transaction, `partial_capture_reversal`, for the rest.
 */
export function movementOfTransaction(transaction: unknown): MovementReading {
  const category = field(transaction, "reporting_category");
  const kind = kinds.get(category);
  const id = idIn(transaction);
  if (id === undefined) return unreadable(undefined, "A balance transaction without an id.");
  if (kind === undefined) return typeof category === "string" ? other : unreadable(id, "It has no reporting category.");
  const source = field(transaction, "source");
  const sourceId = idIn(source);
  if (sourceId === undefined) return unreadable(id, "It doesn't say what it is of.");
  // Money that another account of the platform passed on, which that account's books show as the customer's payment.
  if (kind === "payment" && (field(source, "source_transfer") ?? null) !== null) return other;
  return movement({
    movementId: id,
    kind,
    providerType: String(category),
    objectId: reference(source, "payment_intent") ?? reference(source, "charge") ?? sourceId,
    amount:
      kind === "payment" ? (field(source, "amount_captured") ?? field(source, "amount")) : field(source, "amount"),
    currency: field(source, "currency"),
    seconds: field(transaction, "created"),
  });
}

/** A payout moves money, as our facts see it, when it is paid: on its day of arrival, once its status says so. */
export function movementOfPayout(payout: unknown): MovementReading {
  const id = idIn(payout);
  if (id === undefined) return unreadable(undefined, "A payout without an id.");
  if (field(payout, "status") !== "paid") return other;
  return movement({
    movementId: reference(payout, "balance_transaction") ?? id,
    kind: "payout",
    providerType: "payout",
    objectId: id,
    amount: field(payout, "amount"),
    currency: field(payout, "currency"),
    seconds: field(payout, "arrival_date"),
  });
}

interface Draft extends Pick<MoneyMovement, "movementId" | "kind" | "providerType" | "objectId"> {
  readonly amount: unknown;
  readonly currency: unknown;
  readonly seconds: unknown;
}

function movement({ amount, currency, seconds, ...rest }: Draft): MovementReading {
  const money = fromMinorUnits(amount, currency, stripeExponents);
  if (money.kind === "unusable") return unreadable(rest.movementId, `Its amount can't be used: ${money.reason}.`);
  const milliseconds = msOfSeconds(seconds);
  if (milliseconds === undefined || Number.isNaN(new Date(milliseconds).getTime())) {
    return unreadable(rest.movementId, "It has no time.");
  }
  const occurredAt = new Date(milliseconds).toISOString();
  const { amountMinor, currency: code } = money;
  return { kind: "movement", movement: { ...rest, amountMinor, currency: code, occurredAt } };
}

const other: MovementReading = { kind: "other" };

/** The id of an object, if it has a usable one. */
export function idIn(object: unknown): string | undefined {
  const id = field(object, "id");
  return typeof id === "string" && id !== "" ? id : undefined;
}

/** Stripe states a reference as an id, or expanded as the object itself. */
function reference(object: unknown, name: string): string | undefined {
  const stated = field(object, name);
  return typeof stated === "string" && stated !== "" ? stated : idIn(fieldAt(object, name));
}
