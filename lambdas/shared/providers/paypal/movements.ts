/** Money that PayPal moved, read from what Transaction Search lists. */
import { field } from "../../domain/exact-json.ts";
import type { MoneyMovement } from "../../domain/reconciliation/provider-ledger.ts";
import { msOfIso } from "../fields.ts";
import { type MovementReading, readable, unreadable } from "../movement-reading.ts";
import { moneyIn } from "./facts.ts";

/**
 * By the transaction's event code; fees, holds, conversions, transfers to the bank and payments of our own aren't among
 * them. What the codes T00nn mean depends on the direction: money that comes in is a customer's payment, and a MassPay
 * payment that goes out is an item of a payout. A reversal (T1106) is what `PAYMENT.CAPTURE.REVERSED` tells of. Holds
 * while a dispute is looked into (T1110, T1111) move nothing for good.
 * None of this was tried against a live account; a code that means something else shows as money that nobody knows.
 * Source: https://developer.paypal.com/docs/transaction-search/transaction-event-codes/ and, for payouts,
 * https://developer.paypal.com/payouts/use-payouts/view-transactions
 */
const kinds: ReadonlyMap<unknown, MoneyMovement["kind"]> = new Map([
  ["T1106", "refund"],
  ["T1107", "refund"],
  ["T1114", "payout"],
  ["T1115", "payout"],
  ["T1201", "dispute"],
  ["T1202", "dispute"],
]);
const massPay = "T0001";

/** Completed, or completed and reversed since: the reversal is a transaction of its own. Pending and denied ones move none. */
const movedStatuses: ReadonlySet<unknown> = new Set(["S", "V"]);

/** An element of `transaction_details`. Refunds and reversals name the payment that they are of (`TXN`). */
export function movementOf(detail: unknown): MovementReading {
  const info = field(detail, "transaction_info");
  const id = textIn(info, "transaction_id");
  if (id === undefined) return unreadable(undefined, "A transaction without an id.");
  const code = textIn(info, "transaction_event_code");
  if (code === undefined) return unreadable(id, "It has no event code.");
  if (!movedStatuses.has(field(info, "transaction_status"))) return { kind: "other" };
  const { amount } = moneyIn(field(info, "transaction_amount"));
  if (amount.kind === "unusable") return unreadable(id, `Its amount can't be used: ${amount.reason}.`);
  const kind = kindOf(code, amount.amountMinor.startsWith("-"));
  if (kind === undefined) return { kind: "other" };
  const milliseconds = msOfIso(field(info, "transaction_initiation_date"));
  if (milliseconds === undefined) return unreadable(id, "It has no time.");
  const isOfAnother = kind !== "payment" && field(info, "paypal_reference_id_type") === "TXN";
  return readable({
    movementId: id,
    kind,
    providerType: code,
    objectId: (isOfAnother ? textIn(info, "paypal_reference_id") : undefined) ?? id,
    amountMinor: amount.amountMinor.replace("-", ""),
    currency: amount.currency,
    occurredAt: new Date(milliseconds).toISOString(),
  });
}

function kindOf(code: string, isOutgoing: boolean): MoneyMovement["kind"] | undefined {
  if (!code.startsWith("T00")) return kinds.get(code);
  if (isOutgoing) return code === massPay ? "payout" : undefined;
  return code === massPay ? undefined : "payment";
}

function textIn(info: unknown, name: string): string | undefined {
  const value = field(info, name);
  return typeof value === "string" && value !== "" ? value : undefined;
}
