import type { PaymentEvent } from "../../../../../config/events.ts";
import { NumberText } from "../../../../../lambdas/shared/domain/exact-json.ts";
import { razorpayEventNames } from "../../../../../lambdas/shared/providers/razorpay/facts.ts";
import { translateRazorpay } from "../../../../../lambdas/shared/providers/razorpay/translate.ts";
import { routingThresholdsUsd } from "../../../../support/routing.ts";

const context = {
  provider: "razorpay",
  receivedAt: "2026-11-21T08:00:00.500Z",
  correlationId: "c-1",
  bodySha256: "ab".repeat(32),
  routingThresholdsUsd,
} as const;

const translate = (body: unknown, id = "e-1") =>
  translateRazorpay({ body, headers: new Map([["x-razorpay-event-id", id]]) }, context);

type Entities = Readonly<Record<string, unknown>>;

/** The event of this name with these entities. */
function eventOf(event: string, entities: Entities, id?: string): PaymentEvent {
  const payload = Object.fromEntries(Object.entries(entities).map(([kind, entity]) => [kind, { entity }]));
  const about = { entity: "event", account_id: "acc_1", contains: Object.keys(entities), created_at: 1_795_247_990 };
  const [item] = translate({ ...about, event, payload }, id);
  if (item?.kind !== "event") throw new Error("not an event");
  return item.event;
}

/** Every amount that a payment has, all of them different, so that a wrong field shows. */
const payment = {
  ...{ id: "pay_1", entity: "payment", status: "captured", captured: true, order_id: "order_1", method: "card" },
  ...{ amount: 50_000, currency: "INR", base_amount: 50_001, amount_refunded: 50_002, fee: 1_180, tax: 180 },
  ...{ customer_id: "cust_1", email: "buyer@example.com", contact: "+919000000000" },
};
const order = { id: "order_1", entity: "order", amount: 60_000, amount_paid: 60_001, currency: "INR", status: "paid" };
const refund = { id: "rfnd_1", payment_id: "pay_1", amount: 2_000, currency: "INR", status: "processed" };
const dispute = {
  ...{ id: "disp_1", payment_id: "pay_1", amount: 39_000, amount_deducted: 39_001, currency: "INR", status: "open" },
};
const payout = { id: "pout_1", amount: 1_000_000, currency: "INR", fees: 590, tax: 90, status: "processed" };

describe("translateRazorpay", () => {
  it("translates a payment", () => {
    expect(eventOf("payment.captured", { payment })).toEqual({
      eventId: "razorpay:e-1",
      transactionId: "razorpay:pay_1",
      provider: "razorpay",
      type: "payment.succeeded",
      providerType: "payment.captured",
      objectVersion: expect.stringMatching(/^fact:[0-9a-f]{64}$/),
      contentDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
      amountMinor: "50000",
      currency: "INR",
      routingAmountUsd: expect.any(Number),
      fxDate: expect.any(String),
      signals: {},
      customerId: "cust_1",
      occurredAt: "2026-11-21T07:59:50.000Z",
      receivedAt: context.receivedAt,
      correlationId: "c-1",
    });
  });

  it.each<readonly [string, Entities, string, string, string]>([
    ["order.paid", { payment, order }, "payment.succeeded", "pay_1", "50000"],
    ["payment.failed", { payment: { ...payment, status: "failed" } }, "payment.failed", "pay_1", "50000"],
    ["refund.processed", { refund, payment }, "refund.created", "pay_1", "2000"],
    ["refund.created", { refund, payment }, "refund.created", "pay_1", "2000"],
    ["refund.created", { refund }, "refund.created", "pay_1", "2000"],
    ["refund.processed", { refund: { ...refund, payment_id: null } }, "refund.created", "rfnd_1", "2000"],
    ["payment.dispute.created", { payment, dispute }, "dispute.opened", "pay_1", "39000"],
    ["payment.dispute.won", { payment, dispute }, "dispute.closed", "pay_1", "39000"],
    ["payment.dispute.lost", { payment, dispute }, "dispute.closed", "pay_1", "39000"],
    ["payment.dispute.closed", { payment, dispute }, "dispute.closed", "pay_1", "39000"],
    ["payout.processed", { payout }, "payout.paid", "pout_1", "1000000"],
    ["payout.failed", { payout }, "payout.failed", "pout_1", "1000000"],
    ["payout.reversed", { payout }, "payout.failed", "pout_1", "1000000"],
  ])("%s of its entities", (name, entities, type, transaction, amountMinor) => {
    const expected = { type, transactionId: `razorpay:${transaction}`, amountMinor, currency: "INR" };
    expect(eventOf(name, entities)).toMatchObject(expected);
  });

  it.each<readonly [string, Entities, string]>([
    ["payment.authorized", { payment: { ...payment, status: "authorized", captured: false } }, "pay_1"],
    ["payment.pending", { payment }, "pay_1"],
    ["refund.created", { refund: { ...refund, status: "pending" }, payment }, "pay_1"],
    ["refund.failed", { refund: { ...refund, status: "failed" }, payment }, "pay_1"],
    ["refund.speed_changed", { refund, payment }, "pay_1"],
    ["refund.processed", { refund: { ...refund, status: "a_new_status" }, payment }, "pay_1"],
    ["refund.processed", { refund, payment: { ...payment, captured: false } }, "pay_1"],
    ["payment.dispute.under_review", { payment, dispute }, "pay_1"],
    ["payment.dispute.action_required", { payment, dispute }, "pay_1"],
    ["payout.pending", { payout }, "pout_1"],
    ["payout.queued", { payout }, "pout_1"],
    ["payout.rejected", { payout }, "pout_1"],
    ["payout.updated", { payout }, "pout_1"],
    ["settlement.processed", { settlement: { id: "setl_1", amount: 9_973_635, status: "processed" } }, "setl_1"],
    ["payment_link.paid", { payment_link: { id: "plink_1" }, payment, order }, "plink_1"],
    ["invoice.paid", { invoice: { id: "inv_1" }, payment, order }, "inv_1"],
    ["subscription.charged", { subscription: { id: "sub_1" }, payment }, "sub_1"],
    ["never.heard.of", { never: { id: "x_1" } }, "x_1"],
  ])("%s that moves no money, or repeats it, is other", (name, entities, transaction) => {
    const event = eventOf(name, entities);
    expect(event).toMatchObject({ type: "other", providerType: name, transactionId: `razorpay:${transaction}` });
    expect([event.amountMinor, event.amountProblem]).toEqual([undefined, undefined]);
  });

  it.each(["account.activated", "account.under_review", "product.route.needs_clarification"])(
    "%s is about an account",
    (name) => {
      const event = eventOf(name, { account: { id: "x", amount: 5, currency: "INR" } });
      expect(event).toMatchObject({ type: "account.updated", transactionId: "razorpay:acc_1" });
      expect([event.amountMinor, event.amountProblem]).toEqual([undefined, undefined]);
    },
  );

  it.each(razorpayEventNames)("rule 10: %s without an amount is unroutable or other, and has none", (name) => {
    for (const entity of [undefined, null, "text", {}, { status: "processed" }, { id: "x", amount: null }]) {
      const { type, amountMinor, amountProblem } = eventOf(name, {
        ...{ payment: entity, refund: entity, dispute: entity, payout: entity },
      });
      expect(amountMinor).toBeUndefined();
      expect(amountProblem).toBe(type === "other" ? undefined : "amount_missing");
    }
  });

  it.each([
    ["JPY", 295, { amountMinor: "295" }],
    ["KWD", 295_990, { amountMinor: "295990" }],
    ["BHD", 99_990, { amountMinor: "99990" }],
    ["USD", 1_099, { amountMinor: "1099" }],
    ["inr", 100, { amountMinor: "100", currency: "INR" }],
    ["INR", "100", { amountMinor: "100" }],
    ["INR", new NumberText("900719925474099300001"), { amountMinor: "900719925474099300001" }],
    ["INR", 100.5, { amountProblem: "amount_malformed" }],
    ["INR", -100, { amountMinor: "-100", amountProblem: "amount_negative" }],
    ["INR", new NumberText("9".repeat(40)), { amountProblem: "amount_too_large" }],
    ["XXX", 100, { amountProblem: "currency_unknown" }],
    [null, 100, { amountProblem: "currency_unknown" }],
  ])("rule 10: %s %s", (currency, amount, expected) => {
    const event = eventOf("payment.captured", { payment: { ...payment, amount, currency } });
    expect(event).toMatchObject(expected);
    expect(Object.hasOwn(event, "amountMinor")).toBe(Object.hasOwn(expected, "amountMinor"));
  });

  describe("rule 5: one fact under two ids", () => {
    const versionOf = (name: string, entities: Entities, id?: string) => eventOf(name, entities, id).objectVersion;

    it("is a payment that is captured, and an order that is paid by it", () => {
      const paid = { payment: { ...payment, fee: 0 }, order };
      expect(versionOf("order.paid", paid, "e-2")).toBe(versionOf("payment.captured", { payment }));
    });

    it("is a refund that is processed, and a payout's end, by whatever word", () => {
      expect(versionOf("refund.created", { refund })).toBe(versionOf("refund.processed", { refund, payment }));
      expect(versionOf("payout.failed", { payout })).toBe(versionOf("payout.reversed", { payout }));
    });

    it("isn't another amount, another refund of the same amount, or another end of a dispute", () => {
      const versions = [
        versionOf("payment.captured", { payment }),
        versionOf("payment.failed", { payment }),
        versionOf("payment.captured", { payment: { ...payment, amount: 1 } }),
        versionOf("refund.processed", { refund }),
        versionOf("refund.processed", { refund: { ...refund, id: "rfnd_2" } }),
        versionOf("payment.dispute.created", { dispute }),
        versionOf("payment.dispute.won", { dispute }),
        versionOf("payment.dispute.lost", { dispute }),
        versionOf("payout.processed", { payout }),
        versionOf("payout.reversed", { payout }),
      ];
      expect(new Set(versions).size).toBe(versions.length);
    });

    it("is only the same bytes where there is no money to be read, and nothing without an id", () => {
      expect(versionOf("payment.authorized", { payment })).toBe(context.bodySha256);
      expect(versionOf("payment.captured", { payment: { id: "pay_1" } })).toBe(context.bodySha256);
      expect(versionOf("payment.captured", { payment: { amount: 5, currency: "INR" } })).toBeUndefined();
    });
  });

  it("rule 6: falls back to the digest of the body where there is no event id", () => {
    expect(eventOf("payment.captured", { payment }, "").eventId).toBe(`razorpay:${"ab".repeat(32)}`);
  });

  it.each([null, "text", [], {}, { entity: "event" }, { event: 7 }])("refuses %p", (body) => {
    expect(translate(body)).toEqual([expect.objectContaining({ kind: "invalid", code: "not_a_razorpay_event" })]);
  });
});
