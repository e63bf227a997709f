import type { PaymentEvent } from "../../../../../config/events.ts";
import { paypalEventNames } from "../../../../../lambdas/shared/providers/paypal/facts.ts";
import { translatePaypal } from "../../../../../lambdas/shared/providers/paypal/translate.ts";
import { routingThresholdsUsd } from "../../../../support/routing.ts";

const context = {
  provider: "paypal",
  receivedAt: "2026-11-21T08:00:00.500Z",
  correlationId: "c-1",
  bodySha256: "ab".repeat(32),
  routingThresholdsUsd,
} as const;

const translate = (body: unknown) => translatePaypal({ body, headers: new Map() }, context);

/** The event of a notification with this name and resource. */
function eventOf(name: string, resource: unknown, changes: object = {}): PaymentEvent {
  const body = { id: "WH-1", event_type: name, create_time: "2026-11-21T07:59:50.336Z", resource, ...changes };
  const [item] = translate(body);
  if (item?.kind !== "event") throw new Error("not an event");
  return item.event;
}

const usd = (value: string) => ({ currency_code: "USD", value });
const captureLink = { rel: "up", method: "GET", href: "https://api.paypal.com/v2/payments/captures/29Y24445UY2083144" };
const capture = { id: "29Y24445UY2083144", status: "COMPLETED", amount: usd("100.00"), payer: { payer_id: "P1" } };
const refund = { id: "55105082X5896632E", status: "COMPLETED", amount: usd("10.00"), links: [captureLink] };
const dispute = {
  dispute_id: "PP-000-042-663-135",
  disputed_transactions: [{ seller_transaction_id: "29Y24445UY2083144" }],
  dispute_amount: usd("3.00"),
  status: "OPEN",
  update_time: "2026-11-21T07:00:00Z",
};
const item = {
  payout_item_id: "AYNYWNCHBD8KS",
  transaction_id: "57J64166G9424913F",
  transaction_status: "SUCCESS",
  payout_item: { recipient_type: "EMAIL", amount: { currency: "USD", value: "1.0" }, receiver: "a@example.com" },
};
const batch = {
  batch_header: {
    payout_batch_id: "CQMWKDQF5GFLL",
    batch_status: "SUCCESS",
    amount: { currency: "USD", value: "2.0" },
  },
};

describe("translatePaypal", () => {
  it("translates a payment", () => {
    expect(eventOf("PAYMENT.CAPTURE.COMPLETED", capture)).toEqual({
      eventId: "paypal:WH-1",
      transactionId: "paypal:29Y24445UY2083144",
      provider: "paypal",
      type: "payment.succeeded",
      providerType: "PAYMENT.CAPTURE.COMPLETED",
      objectVersion: expect.stringMatching(/^fact:[0-9a-f]{64}$/),
      contentDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
      amountMinor: "10000",
      currency: "USD",
      routingAmountUsd: 100,
      fxDate: expect.any(String),
      signals: {},
      customerId: "P1",
      occurredAt: "2026-11-21T07:59:50.336Z",
      receivedAt: context.receivedAt,
      correlationId: "c-1",
    });
  });

  it.each([
    ["PAYMENT.CAPTURE.DENIED", capture, "payment.failed", "29Y24445UY2083144", "10000"],
    ["PAYMENT.CAPTURE.DECLINED", capture, "payment.failed", "29Y24445UY2083144", "10000"],
    ["PAYMENT.CAPTURE.REFUNDED", refund, "refund.created", "29Y24445UY2083144", "1000"],
    ["PAYMENT.CAPTURE.REVERSED", refund, "refund.created", "29Y24445UY2083144", "1000"],
    ["PAYMENT.CAPTURE.REVERSED", capture, "refund.created", "29Y24445UY2083144", "10000"],
    ["CUSTOMER.DISPUTE.CREATED", dispute, "dispute.opened", "29Y24445UY2083144", "300"],
    ["CUSTOMER.DISPUTE.RESOLVED", dispute, "dispute.closed", "29Y24445UY2083144", "300"],
    ["PAYMENT.PAYOUTS-ITEM.SUCCEEDED", item, "payout.paid", "57J64166G9424913F", "100"],
    ["PAYMENT.PAYOUTS-ITEM.FAILED", item, "payout.failed", "AYNYWNCHBD8KS", "100"],
    ["PAYMENT.PAYOUTS-ITEM.RETURNED", item, "payout.failed", "AYNYWNCHBD8KS", "100"],
    ["PAYMENT.PAYOUTS-ITEM.REFUNDED", item, "other", "57J64166G9424913F", "100"],
    ["PAYMENT.PAYOUTS-ITEM.UNCLAIMED", item, "other", "57J64166G9424913F", "100"],
    ["PAYMENT.PAYOUTSBATCH.SUCCESS", batch, "other", "CQMWKDQF5GFLL", "200"],
    ["PAYMENT.PAYOUTSBATCH.DENIED", batch, "payout.failed", "CQMWKDQF5GFLL", "200"],
  ])("%s of its object", (name, resource, type, transaction, amountMinor) => {
    const event = eventOf(name, resource);
    expect(event).toMatchObject({ type, transactionId: `paypal:${transaction}`, amountMinor, currency: "USD" });
  });

  it("reads sales of Payments v1, whose refunds are below zero", () => {
    const sale = { id: "80F85758S3080410K", amount: { total: "21.00", currency: "USD" } };
    expect(eventOf("PAYMENT.SALE.COMPLETED", sale)).toMatchObject({ type: "payment.succeeded", amountMinor: "2100" });
    const back = { id: "6YX43824R4443062K", sale_id: sale.id, amount: { total: "-0.01", currency: "USD" } };
    expect(eventOf("PAYMENT.SALE.REFUNDED", back)).toMatchObject({
      type: "refund.created",
      transactionId: "paypal:80F85758S3080410K",
      amountMinor: "1",
    });
  });

  it("goes by an item's own id as long as there is no transaction of it", () => {
    const { transaction_id: _none, ...early } = item;
    expect(eventOf("PAYMENT.PAYOUTS-ITEM.HELD", early).transactionId).toBe("paypal:AYNYWNCHBD8KS");
  });

  it("goes by a dispute's own id where it is about several payments", () => {
    const both = {
      ...dispute,
      disputed_transactions: [{ seller_transaction_id: "1" }, { seller_transaction_id: "2" }],
    };
    expect(eventOf("CUSTOMER.DISPUTE.CREATED", both).transactionId).toBe("paypal:PP-000-042-663-135");
  });

  it.each(["MERCHANT.ONBOARDING.COMPLETED", "MERCHANT.PARTNER-CONSENT.REVOKED", "CUSTOMER.MERCHANT-INTEGRATION.X"])(
    "%s is about an account",
    (name) => {
      const event = eventOf(name, { merchant_id: "RD465XN5VS364", tracking_id: "t" });
      expect(event).toMatchObject({ type: "account.updated", transactionId: "paypal:RD465XN5VS364" });
      expect(event.amountMinor).toBeUndefined();
    },
  );

  it.each(["PAYMENT.CAPTURE.PENDING", "CHECKOUT.ORDER.APPROVED", "BILLING.SUBSCRIPTION.CREATED", "NEVER.HEARD.OF"])(
    "%s moves no money",
    (name) => {
      const event = eventOf(name, capture);
      expect(event).toMatchObject({ type: "other", providerType: name });
      expect([event.amountMinor, event.amountProblem]).toEqual([undefined, undefined]);
    },
  );

  it.each(paypalEventNames)("rule 10: %s without an amount is unroutable or other, and has none", (name) => {
    for (const resource of [undefined, null, "text", {}, { amount: null }]) {
      const { amountMinor, amountProblem } = eventOf(name, resource);
      expect([amountMinor, amountProblem]).toEqual([undefined, expect.stringMatching(/missing|unknown/)]);
    }
  });

  it.each([
    ["HUF", "1000", { amountMinor: "100000" }],
    ["HUF", "1000.00", { amountMinor: "100000" }],
    ["HUF", "1000.50", { amountProblem: "amount_inexact" }],
    ["TWD", "30", { amountMinor: "3000" }],
    ["TWD", "30.01", { amountProblem: "amount_inexact" }],
    ["JPY", "500", { amountMinor: "500" }],
    ["JPY", "500.5", { amountProblem: "amount_inexact" }],
    ["USD", "0.10", { amountMinor: "10" }],
    ["USD", "0.105", { amountProblem: "amount_inexact" }],
    ["USD", "1,000.00", { amountProblem: "amount_malformed" }],
    ["XXX", "1.00", { amountProblem: "currency_unknown" }],
  ])("rule 10: %s %s", (currency_code, value, expected) => {
    const event = eventOf("PAYMENT.CAPTURE.COMPLETED", { ...capture, amount: { currency_code, value } });
    expect(event).toMatchObject(expected);
    expect(Object.hasOwn(event, "amountMinor")).toBe(Object.hasOwn(expected, "amountMinor"));
  });

  describe("rule 5: one fact under two ids", () => {
    const versionOf = (name: string, resource: unknown) => eventOf(name, resource).objectVersion;

    it("is recognised though the object has changed meanwhile", () => {
      expect(versionOf("PAYMENT.CAPTURE.COMPLETED", { ...capture, status: "PARTIALLY_REFUNDED" })).toBe(
        versionOf("PAYMENT.CAPTURE.COMPLETED", capture),
      );
    });

    it("isn't another partial refund of the same amount", () => {
      const other = { ...refund, id: "1AB" };
      expect(versionOf("PAYMENT.CAPTURE.REFUNDED", other)).not.toBe(versionOf("PAYMENT.CAPTURE.REFUNDED", refund));
    });

    it("isn't another outcome of a dispute", () => {
      const outcome = (outcome_code: string) => ({ ...dispute, dispute_outcome: { outcome_code } });
      const lost = versionOf("CUSTOMER.DISPUTE.RESOLVED", outcome("RESOLVED_BUYER_FAVOUR"));
      expect(versionOf("CUSTOMER.DISPUTE.RESOLVED", outcome("RESOLVED_SELLER_FAVOUR"))).not.toBe(lost);
      expect(versionOf("CUSTOMER.DISPUTE.RESOLVED", outcome("RESOLVED_BUYER_FAVOUR"))).toBe(lost);
    });

    it("is an item's end, whichever word is used of it, and not its being paid before", () => {
      const ends = ["CANCELED", "RETURNED", "FAILED"].map((end) => versionOf(`PAYMENT.PAYOUTS-ITEM.${end}`, item));
      expect(new Set(ends).size).toBe(1);
      expect(ends).not.toContain(versionOf("PAYMENT.PAYOUTS-ITEM.SUCCEEDED", item));
    });

    it("is told of nothing whose money or id is unknown", () => {
      expect(versionOf("PAYMENT.CAPTURE.COMPLETED", { ...capture, amount: null })).toBeUndefined();
      expect(versionOf("PAYMENT.CAPTURE.COMPLETED", { amount: usd("1.00") })).toBeUndefined();
    });
  });

  it("doesn't believe a link that leads elsewhere", () => {
    const links = [
      { rel: "self", href: captureLink.href },
      { rel: "up", href: "https://api.paypal.com/v2/checkout/orders/5O190127TN364715T" },
      { rel: "up", href: 7 },
    ];
    expect(eventOf("PAYMENT.CAPTURE.REFUNDED", { ...refund, links }).transactionId).toBe("paypal:55105082X5896632E");
  });

  it.each([null, "text", [], {}, { id: "WH-1" }, { event_type: 7 }])("refuses %p", (body) => {
    expect(translate(body)).toEqual([expect.objectContaining({ kind: "invalid", code: "not_a_paypal_event" })]);
  });
});
