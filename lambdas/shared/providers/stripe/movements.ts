/** Money that Stripe moved, read from its balance transactions and payouts. */
import { field, fieldAt } from "../../domain/exact-json.ts";
import { fromMinorUnits } from "../../domain/money.ts";
import type { MoneyMovement } from "../../domain/reconciliation/provider-ledger.ts";
import { msOfSeconds } from "../fields.ts";
import { type MovementReading, readable, unreadable } from "../movement-reading.ts";
import { entryRuleOf } from "./balance-types.ts";
import { stripeExponents } from "./capabilities.ts";

/**
 * A balance transaction that was asked for with `expand[]=data.source`. Its own amount is in the currency of the
 * account's balance; what the customer paid stands in its source. Of a charge that is what was captured: a partial
 * capture has a second transaction, `partial_capture_reversal`, for the rest.
 */
export function movementOfTransaction(transaction: unknown): MovementReading {
  const [type, category] = [field(transaction, "type"), field(transaction, "reporting_category")];
  const id = idIn(transaction);
  if (id === undefined) return unreadable(undefined, "A balance transaction without an id.");
  if (typeof type !== "string" || typeof category !== "string") return unreadable(id, "It has no type or no category.");
  const rule = entryRuleOf(type, category);
  if (rule === undefined) return unreadable(id, `Nobody knows yet what its type means: ${type.slice(0, 100)}.`);
  if (!("kind" in rule)) return other;
  const { kind } = rule;
  const source = field(transaction, "source");
  const sourceId = idIn(source);
  if (sourceId === undefined) return unreadable(id, "It doesn't say what it is of.");
  // Money that another account of the platform passed on, which that account's books show as the customer's payment.
  if (kind === "payment" && (field(source, "source_transfer") ?? null) !== null) return other;
  return movement({
    movementId: id,
    kind,
    providerType: category,
    objectId: reference(source, "payment_intent") ?? reference(source, "charge") ?? sourceId,
    amount:
      kind === "payment" ? (field(source, "amount_captured") ?? field(source, "amount")) : field(source, "amount"),
    currency: field(source, "currency"),
    seconds: field(transaction, "created"),
    // The money of a refund may move days after it is made, and it is told of when it is made.
    ...(kind === "refund" && { madeSeconds: field(source, "created") }),
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
  readonly madeSeconds?: unknown;
}

function movement({ amount, currency, seconds, madeSeconds, ...rest }: Draft): MovementReading {
  const money = fromMinorUnits(amount, currency, stripeExponents);
  if (money.kind === "unusable") return unreadable(rest.movementId, `Its amount can't be used: ${money.reason}.`);
  const occurredAt = isoOf(seconds);
  if (occurredAt === undefined) return unreadable(rest.movementId, "It has no time.");
  const madeAt = isoOf(madeSeconds);
  const { amountMinor, currency: code } = money;
  const about = { amountMinor, currency: code, occurredAt, ...(madeAt !== undefined && { madeAt }) };
  return readable({ ...rest, ...about });
}

function isoOf(seconds: unknown): string | undefined {
  const milliseconds = msOfSeconds(seconds);
  const isTime = milliseconds !== undefined && !Number.isNaN(new Date(milliseconds).getTime());
  return isTime ? new Date(milliseconds).toISOString() : undefined;
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
