import type { PaymentEventType } from "../../../../../config/events.ts";
import { factOf, stripeRules } from "../../../../../lambdas/shared/providers/stripe/facts.ts";

/** Every amount that one of Stripe's objects has, all of them different, so that a wrong field shows. */
const amounts = {
  amount: 10_001,
  amount_received: 20_002,
  amount_captured: 30_003,
  amount_refunded: 40_004,
  amount_reversed: 50_005,
  amount_capturable: 60_006,
  amount_details: { tip: { amount: 7_007 } },
  application_fee_amount: 8_008,
  balance_transaction: { amount: 9_009, net: 9_010, fee: 9_011 },
  transfer_data: { amount: 9_012 },
};

const intent = { id: "pi_1", object: "payment_intent", currency: "usd", ...amounts };
const charge = { id: "ch_1", object: "charge", currency: "usd", payment_intent: null, captured: true, ...amounts };
const other = { id: "o_1", currency: "usd", ...amounts };

/** One row per row of the rules, and those that `charge.refunded` has by itself. */
const table: readonly (readonly [string, object, PaymentEventType, string | undefined])[] = [
  ["payment_intent.succeeded", intent, "payment.succeeded", "20002"],
  ["payment_intent.payment_failed", intent, "payment.failed", "10001"],
  ["charge.succeeded", charge, "payment.succeeded", "10001"],
  ["charge.captured", charge, "payment.succeeded", "30003"],
  ["charge.failed", charge, "payment.failed", "10001"],
  ["refund.created", other, "refund.created", "10001"],
  ["refund.failed", other, "other", "10001"],
  ["charge.dispute.created", other, "dispute.opened", "10001"],
  ["charge.dispute.closed", other, "dispute.closed", "10001"],
  ["payout.paid", other, "payout.paid", "10001"],
  ["payout.failed", other, "payout.failed", "10001"],
  ["transfer.created", other, "other", "10001"],
  ["transfer.reversed", other, "other", "50005"],
  ["account.updated", other, "account.updated", undefined],
  ["invoice.paid", other, "other", undefined],
];

const eventWith = (object: object, more: object = {}) => ({ data: { object, ...more } });
const exact = (amountMinor: string) => ({ amount: { kind: "exact", amountMinor, currency: "USD" }, currency: "usd" });

describe("what Stripe's events mean for money", () => {
  it("has a row here for every rule", () => {
    expect(table.map(([word]) => word)).toEqual([...stripeRules.keys(), "invoice.paid"]);
  });

  it.each(table)("rule 10: %s takes its own field, to the unit", (word, object, type, amountMinor) => {
    const fact = factOf(word, eventWith(object));
    expect(fact).toMatchObject(amountMinor === undefined ? { type } : { type, money: exact(amountMinor) });
    expect(fact.money).toEqual(amountMinor === undefined ? undefined : exact(amountMinor));
  });

  it.each([
    ["2024-09-30", "failed", exact("10001")],
    ["2024-09-30", "succeeded", undefined],
    ["2024-10-28", "failed", undefined],
    [undefined, "failed", undefined],
  ])("tells of a refund that failed once: as a change of it in version %s, when it %s", (version, status, money) => {
    const event = { ...eventWith({ ...other, status }), api_version: version };
    expect(factOf("charge.refund.updated", event)).toEqual({ type: "other", ...(money && { money }) });
  });

  it.each([
    ["payment_intent.succeeded", "amount_received", "10001"],
    ["charge.captured", "amount_captured", "10001"],
  ])("rule 10: %s without %s takes the whole amount", (word, name, amountMinor) => {
    for (const value of [undefined, null]) {
      expect(factOf(word, eventWith({ ...charge, [name]: value })).money).toEqual(exact(amountMinor));
    }
  });

  it("rule 10: nothing received or captured is 0 and not the whole amount", () => {
    expect(factOf("payment_intent.succeeded", eventWith({ ...intent, amount_received: 0 })).money).toEqual(exact("0"));
    expect(factOf("charge.captured", eventWith({ ...charge, amount_captured: 0 })).money).toEqual(exact("0"));
  });

  it.each([
    ["transfer.reversed", "amount_reversed"],
    ["refund.created", "amount"],
    ["payout.paid", "amount"],
  ])("rule 10: %s without %s has no amount, and takes no other", (word, name) => {
    const { money } = factOf(word, eventWith({ ...other, [name]: undefined }));
    expect(money).toMatchObject({ amount: { kind: "unusable" } });
  });

  it.each([
    ["charge.succeeded", "other"],
    ["charge.captured", "other"],
    ["charge.failed", "other"],
  ])("rule 5: %s with a payment intent is %s, with its amount", (word, type) => {
    const fact = factOf(word, eventWith({ ...charge, payment_intent: "pi_1" }));
    expect(fact).toEqual({ type, money: factOf(word, eventWith(charge)).money });
  });

  it("rule 10: a refund of a charge is what the sum of its refunds grew by", () => {
    const event = {
      ...eventWith(charge, { previous_attributes: { amount_refunded: 39_001 } }),
      api_version: "2024-09",
    };
    expect(factOf("charge.refunded", event)).toEqual({ type: "refund.created", money: exact("1003") });
  });
});
