import type Stripe from "stripe";
import { entryRuleOf, entryTypes } from "../../../../../lambdas/shared/providers/stripe/balance-types.ts";
import { movementOfTransaction } from "../../../../../lambdas/shared/providers/stripe/movements.ts";

const created = 1_795_000_000;
const amounts = { amount: 1_500, currency: "usd" };

/** A balance transaction as Stripe lists it with `expand[]=data.source`. */
function anEntry(type: string, category: string, source: object = { id: "ch_1", payment_intent: "pi_1", ...amounts }) {
  const entry = { id: "txn_1", object: "balance_transaction", amount: 1_400, currency: "eur", created };
  return { ...entry, type, reporting_category: category, source };
}

describe("an entry of Stripe's balance", () => {
  it.each([
    ["charge", "charge", "payment"],
    ["payment", "charge", "payment"],
    ["payment_failure_refund", "charge_failure", "payment-failure"],
    ["payment_reversal", "charge_failure", "payment-failure"],
    ["refund", "refund", "refund"],
    ["payment_refund", "refund", "refund"],
    ["refund_failure", "refund_failure", "refund-failure"],
    ["payment_refund", "refund_failure", "refund-failure"],
    ["adjustment", "refund_failure", "refund-failure"],
    ["adjustment", "dispute", "dispute"],
    ["adjustment", "dispute_reversal", "dispute"],
    ["payout_failure", "payout_reversal", "payout-failure"],
  ])("%s of category %s is money that we must know of: %s", (type, category, kind) => {
    expect(movementOfTransaction(anEntry(type, category))).toMatchObject({
      kind: "movement",
      movement: { kind, objectId: "pi_1", amountMinor: "1500", currency: "USD" },
    });
  });

  it.each([
    ["refund", "partial_capture_reversal"],
    ["adjustment", "other_adjustment"],
    ["payout", "payout"],
    ["payout_cancel", "payout_reversal"],
    ["stripe_fee", "fee"],
    ["transfer", "transfer"],
  ])("%s of category %s needs no fact of ours", (type, category) => {
    expect(movementOfTransaction(anEntry(type, category))).toEqual({ kind: "other" });
  });

  it("has a rule or a reason whatever its type is", () => {
    expect(entryTypes.length).toBeGreaterThan(50);
    for (const type of entryTypes) {
      const rule = entryRuleOf(type, type);
      const said = rule === undefined ? "" : "kind" in rule ? rule.kind : rule.why;
      expect([type, said]).toEqual([type, expect.stringMatching(/^[\w-]+$|^.{20,}$/)]);
    }
  });

  it.each([
    ["a payment intent", { source: { id: "ch_1", payment_intent: "pi_".padEnd(201, "x"), ...amounts } }, "txn_1"],
    ["a payment intent with a control character", { source: { id: "pi_\u0000", ...amounts } }, "txn_1"],
    ["itself", { id: "txn_".padEnd(201, "x") }, undefined],
    ["its category", { type: "charge", reporting_category: "c".repeat(300) }, "txn_1"],
  ])("whose id of %s can't be written down is unreadable", (_what, change, id) => {
    const reading = movementOfTransaction({ ...anEntry("charge", "charge"), ...change });
    expect(reading.kind).toBe("unreadable");
    expect(reading).toEqual({ kind: "unreadable", detail: expect.any(String), ...(id !== undefined && { id }) });
  });

  it("of a type that came up since is unreadable, and not fine", () => {
    for (const type of ["lottery_win", "constructor"]) {
      expect(movementOfTransaction(anEntry(type, "other"))).toMatchObject({ kind: "unreadable", id: "txn_1" });
    }
    const { type: _type, ...untyped } = anEntry("charge", "charge");
    expect(movementOfTransaction(untyped)).toMatchObject({ kind: "unreadable", id: "txn_1" });
  });

  it("of a refund says when the refund was made, and of a failed payout which payout it is", () => {
    const refund = { id: "re_1", payment_intent: "pi_1", created: created - 86_400, ...amounts };
    expect(movementOfTransaction(anEntry("refund", "refund", refund))).toMatchObject({
      movement: { occurredAt: "2026-11-18T11:06:40.000Z", madeAt: "2026-11-17T11:06:40.000Z" },
    });
    const payout: Partial<Stripe.Payout> = { id: "po_1", object: "payout", status: "failed", ...amounts };
    expect(movementOfTransaction(anEntry("payout_failure", "payout_reversal", payout))).toMatchObject({
      movement: { kind: "payout-failure", objectId: "po_1" },
    });
  });
});
