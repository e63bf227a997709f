import type { PaymentEvent } from "../../../../../config/events.ts";
import { NumberText } from "../../../../../lambdas/shared/domain/exact-json.ts";
import { paddleEventTypes } from "../../../../../lambdas/shared/providers/paddle/facts.ts";
import { translatePaddle } from "../../../../../lambdas/shared/providers/paddle/translate.ts";
import { routingThresholdsUsd } from "../../../../support/routing.ts";

const context = {
  provider: "paddle",
  receivedAt: "2026-11-21T08:00:00.500Z",
  correlationId: "c-1",
  bodySha256: "ab".repeat(32),
  routingThresholdsUsd,
} as const;

const translate = (body: unknown) => translatePaddle({ body, headers: new Map() }, context);

/** The event of this type with these data. */
function eventOf(event_type: string, data: unknown, changes: object = {}): PaymentEvent {
  const body = { event_id: "evt_1", event_type, occurred_at: "2026-11-21T07:59:50.903791Z", data, ...changes };
  const [item] = translate({ notification_id: "ntf_1", ...body });
  if (item?.kind !== "event") throw new Error("not an event");
  return item.event;
}

/** Every amount that a transaction has, all of them different, so that a wrong field shows. */
const totals = {
  ...{ subtotal: "14900", discount: "10", tax: "1500", total: "16400", credit: "300", balance: "0" },
  ...{ grand_total: "16100", fee: "855", earnings: "13900", currency_code: "USD" },
};
const transaction = {
  id: "txn_1",
  status: "completed",
  customer_id: "ctm_1",
  currency_code: "EUR",
  details: { totals, payout_totals: { ...totals, grand_total: "99", currency_code: "GBP" } },
  payments: [
    { payment_attempt_id: "att_2", amount: "77", status: "error" },
    { payment_attempt_id: "att_1", amount: "78", status: "error" },
  ],
};
const adjustment = {
  id: "adj_1",
  action: "refund",
  type: "partial",
  transaction_id: "txn_1",
  customer_id: "ctm_1",
  currency_code: "USD",
  status: "approved",
  totals: { subtotal: "450", tax: "50", total: "500", fee: "5", earnings: "445", currency_code: "USD" },
  payout_totals: { total: "499", currency_code: "GBP" },
};
const payout = { id: "pay_1", status: "paid", amount: "1000000", currency_code: "GBP", remittance_reference: "77" };

describe("translatePaddle", () => {
  it("translates a payment, by what the buyer had to pay", () => {
    expect(eventOf("transaction.completed", transaction)).toEqual({
      eventId: "paddle:evt_1",
      transactionId: "paddle:txn_1",
      provider: "paddle",
      type: "payment.succeeded",
      providerType: "transaction.completed",
      objectVersion: expect.stringMatching(/^fact:[0-9a-f]{64}$/),
      contentDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
      amountMinor: "16100",
      currency: "USD",
      routingAmountUsd: 161,
      fxDate: expect.any(String),
      signals: {},
      customerId: "ctm_1",
      occurredAt: "2026-11-21T07:59:50.903Z",
      receivedAt: context.receivedAt,
      correlationId: "c-1",
    });
  });

  it.each([
    ["transaction.paid", transaction, "payment.succeeded", "txn_1", "16100", "USD"],
    ["transaction.payment_failed", transaction, "payment.failed", "txn_1", "16100", "USD"],
    ["adjustment.created", adjustment, "refund.created", "txn_1", "500", "USD"],
    ["adjustment.updated", adjustment, "refund.created", "txn_1", "500", "USD"],
    ["adjustment.created", { ...adjustment, action: "chargeback" }, "dispute.opened", "txn_1", "500", "USD"],
    ["adjustment.created", { ...adjustment, action: "chargeback_reverse" }, "dispute.closed", "txn_1", "500", "USD"],
    ["adjustment.created", { ...adjustment, transaction_id: null }, "refund.created", "adj_1", "500", "USD"],
    ["payout.paid", payout, "payout.paid", "pay_1", "1000000", "GBP"],
  ])("%s of its entity", (word, data, type, transactionId, amountMinor, currency) => {
    const expected = { type, transactionId: `paddle:${transactionId}`, amountMinor, currency };
    expect(eventOf(word, data)).toMatchObject(expected);
  });

  it("takes a transaction that costs nothing for a payment of nothing", () => {
    const free = { ...transaction, details: { totals: { ...totals, grand_total: "0" } } };
    expect(eventOf("transaction.completed", free)).toMatchObject({ type: "payment.succeeded", amountMinor: "0" });
  });

  it.each([
    ["adjustment.created", { ...adjustment, status: "pending_approval" }, "txn_1"],
    ["adjustment.updated", { ...adjustment, status: "rejected" }, "txn_1"],
    ["adjustment.updated", { ...adjustment, action: "chargeback", status: "reversed" }, "txn_1"],
    ["adjustment.updated", { ...adjustment, status: "a_new_status" }, "txn_1"],
    ["adjustment.created", { ...adjustment, action: "credit" }, "txn_1"],
    ["adjustment.created", { ...adjustment, action: "credit_reverse" }, "txn_1"],
    ["adjustment.created", { ...adjustment, action: "chargeback_warning" }, "txn_1"],
    ["adjustment.created", { ...adjustment, action: "chargeback_warning_reverse" }, "txn_1"],
    ["adjustment.created", { ...adjustment, action: "a_new_action" }, "txn_1"],
    ["transaction.billed", transaction, "txn_1"],
    ["transaction.past_due", transaction, "txn_1"],
    ["transaction.canceled", transaction, "txn_1"],
    ["payout.created", payout, "pay_1"],
    ["customer.updated", { id: "ctm_1" }, "ctm_1"],
    ["business.created", { id: "biz_1" }, "biz_1"],
    ["subscription.activated", { id: "sub_1", currency_code: "USD" }, "sub_1"],
    ["never.heard_of", { id: "x_1" }, "x_1"],
  ])("%s that moves no money is other", (word, data, transactionId) => {
    const event = eventOf(word, data);
    expect(event).toMatchObject({ type: "other", providerType: word, transactionId: `paddle:${transactionId}` });
    expect([event.amountMinor, event.amountProblem]).toEqual([undefined, undefined]);
  });

  it.each(paddleEventTypes)("takes %s of the webhook simulator as other, and joins it to no transaction", (word) => {
    const event = eventOf(word, { ...transaction, ...adjustment }, { event_id: "ntfsimevt_01hvg" });
    expect(event).toMatchObject({ type: "other", transactionId: "paddle:ntfsimevt_01hvg" });
    expect([event.amountMinor, event.amountProblem, event.objectVersion]).toEqual([undefined, undefined, undefined]);
  });

  it.each(paddleEventTypes)("rule 10: %s without an amount is unroutable or other, and has none", (word) => {
    const approved = { id: "x", action: "refund", status: "approved" };
    for (const data of [undefined, null, "text", {}, approved, { ...approved, totals: { total: null } }]) {
      const { type, amountMinor, amountProblem } = eventOf(word, data);
      expect(amountMinor).toBeUndefined();
      expect(amountProblem).toBe(type === "other" ? undefined : "amount_missing");
    }
  });

  it.each([
    ["JPY", "500", { amountMinor: "500" }],
    ["KRW", "15000", { amountMinor: "15000" }],
    ["HUF", "123450", { amountMinor: "123450" }],
    ["KWD", "12345", { amountMinor: "12345" }],
    ["USD", "0", { amountMinor: "0" }],
    ["USD", 16_100, { amountMinor: "16100" }],
    ["USD", new NumberText("900719925474099300001"), { amountMinor: "900719925474099300001" }],
    ["USD", "161.00", { amountProblem: "amount_malformed" }],
    ["USD", "", { amountProblem: "amount_malformed" }],
    ["USD", "-5", { amountMinor: "-5", amountProblem: "amount_negative" }],
    ["USD", "9".repeat(40), { amountProblem: "amount_too_large" }],
    ["XXX", "100", { amountProblem: "currency_unknown" }],
  ])("rule 10: %s %s", (currency_code, grand_total, expected) => {
    const event = eventOf("transaction.paid", { id: "txn_1", details: { totals: { grand_total, currency_code } } });
    expect(event).toMatchObject(expected);
    expect(Object.hasOwn(event, "amountMinor")).toBe(Object.hasOwn(expected, "amountMinor"));
  });

  it("takes the transaction's currency where the totals have none", () => {
    const bare = { ...transaction, details: { totals: { grand_total: "5" } } };
    expect(eventOf("transaction.paid", bare)).toMatchObject({ amountMinor: "5", currency: "EUR" });
  });

  describe("rule 5: one fact under two ids", () => {
    const versionOf = (word: string, data: unknown) => eventOf(word, data).objectVersion;

    it("is a payment, paid and then completed", () => {
      const paid = { ...transaction, status: "paid", invoice_id: null, payments: [] };
      expect(versionOf("transaction.paid", paid)).toBe(versionOf("transaction.completed", transaction));
    });

    it("is an adjustment that is approved, whenever it is told", () => {
      const later = { ...adjustment, updated_at: "2026-11-22T00:00:00Z", payout_totals: null };
      expect(versionOf("adjustment.created", adjustment)).toBe(versionOf("adjustment.updated", later));
    });

    it("isn't another amount, another attempt, or another adjustment of the same amount", () => {
      const attempts = { ...transaction, payments: [{ payment_attempt_id: "att_3" }, ...transaction.payments] };
      const versions = [
        versionOf("transaction.paid", transaction),
        versionOf("transaction.payment_failed", transaction),
        versionOf("transaction.payment_failed", attempts),
        versionOf("adjustment.updated", adjustment),
        versionOf("adjustment.updated", { ...adjustment, id: "adj_2" }),
        versionOf("adjustment.updated", { ...adjustment, totals: { total: "501" } }),
        versionOf("adjustment.updated", { ...adjustment, action: "chargeback" }),
        versionOf("adjustment.updated", { ...adjustment, action: "chargeback_reverse" }),
      ];
      expect(new Set(versions).size).toBe(versions.length);
    });

    it("is told of nothing whose money, id or attempt is unknown", () => {
      expect(versionOf("transaction.paid", { id: "txn_1" })).toBeUndefined();
      expect(versionOf("transaction.paid", { ...transaction, id: null })).toBeUndefined();
      expect(versionOf("transaction.payment_failed", { ...transaction, payments: [] })).toBeUndefined();
    });
  });

  it("rule 6: falls back to the digest of the body where there is no event id", () => {
    expect(eventOf("transaction.paid", transaction, { event_id: null }).eventId).toBe(`paddle:${"ab".repeat(32)}`);
  });

  it.each([null, "text", [], {}, { event_id: "evt_1" }, { event_type: 7 }, { alert_name: "payment_succeeded" }])(
    "refuses %p",
    (body) => {
      expect(translate(body)).toEqual([expect.objectContaining({ kind: "invalid", code: "not_a_paddle_event" })]);
    },
  );
});
