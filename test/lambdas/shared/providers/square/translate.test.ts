import type { PaymentEvent } from "../../../../../config/events.ts";
import { NumberText } from "../../../../../lambdas/shared/domain/exact-json.ts";
import { squareEventTypes } from "../../../../../lambdas/shared/providers/square/facts.ts";
import { translateSquare } from "../../../../../lambdas/shared/providers/square/translate.ts";
import { routingThresholdsUsd } from "../../../../support/routing.ts";

const context = {
  provider: "square",
  receivedAt: "2026-11-21T08:00:00.500Z",
  correlationId: "c-1",
  bodySha256: "ab".repeat(32),
  routingThresholdsUsd,
} as const;

const translate = (body: unknown) => translateSquare({ body, headers: new Map() }, context);

interface SquareObject {
  readonly id?: unknown;
  readonly [name: string]: unknown;
}

/** The event of this type about an object of this kind. */
function eventOf(type: string, about: string, object: SquareObject, changes: object = {}): PaymentEvent {
  const data = { type: about, id: object.id, object: { [about]: object } };
  const created_at = "2026-11-21T07:59:50.336514Z";
  const [item] = translate({ merchant_id: "M1", type, event_id: "e-1", created_at, data, ...changes });
  if (item?.kind !== "event") throw new Error("not an event");
  return item.event;
}

const usd = (amount: unknown) => ({ amount, currency: "USD" });
const payment = {
  id: "pay1",
  status: "COMPLETED",
  amount_money: usd(1000),
  tip_money: usd(150),
  total_money: usd(1150),
  approved_money: usd(1151),
  app_fee_money: usd(12),
  refunded_money: usd(13),
  customer_id: "CUS1",
  card_details: { card: { fingerprint: "sq-1-a" } },
  billing_address: { country: "de" },
};
const refund = {
  id: "pay1_r1",
  payment_id: "pay1",
  status: "COMPLETED",
  amount_money: usd(300),
  app_fee_money: usd(5),
};
const dispute = {
  id: "dsp1",
  dispute_id: "dsp1",
  state: "EVIDENCE_REQUIRED",
  amount_money: usd(900),
  disputed_payment: { payment_id: "pay1" },
  version: 1,
};
const payout = { id: "po_1", status: "PAID", amount_money: usd(70_000), version: 2 };

describe("translateSquare", () => {
  it("translates a payment, with its tip", () => {
    expect(eventOf("payment.updated", "payment", payment)).toEqual({
      eventId: "square:e-1",
      transactionId: "square:pay1",
      provider: "square",
      type: "payment.succeeded",
      providerType: "payment.updated",
      objectVersion: expect.stringMatching(/^fact:[0-9a-f]{64}$/),
      contentDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
      amountMinor: "1150",
      currency: "USD",
      routingAmountUsd: 11.5,
      fxDate: expect.any(String),
      signals: { cardFingerprint: "sq-1-a", customerCountry: "DE" },
      customerId: "CUS1",
      occurredAt: "2026-11-21T07:59:50.336Z",
      receivedAt: context.receivedAt,
      correlationId: "c-1",
    });
  });

  it.each(["CASH", "EXTERNAL"])(
    "takes what is paid by %s for a payment, though Square only notes it",
    (source_type) => {
      const event = eventOf("payment.created", "payment", { ...payment, source_type });
      expect(event).toMatchObject({ type: "payment.succeeded", amountMinor: "1150" });
    },
  );

  it.each([
    ["payment.created", "payment", payment, "payment.succeeded", "pay1", "1150"],
    ["payment.updated", "payment", { ...payment, status: "FAILED" }, "payment.failed", "pay1", "1150"],
    ["refund.created", "refund", refund, "refund.created", "pay1", "300"],
    ["refund.updated", "refund", refund, "refund.created", "pay1", "300"],
    ["refund.updated", "refund", { ...refund, payment_id: undefined }, "refund.created", "pay1_r1", "300"],
    ["dispute.created", "dispute", dispute, "dispute.opened", "pay1", "900"],
    ["dispute.created", "dispute", { ...dispute, disputed_payment: null }, "dispute.opened", "dsp1", "900"],
    ["dispute.state.updated", "dispute", { ...dispute, state: "WON" }, "dispute.closed", "pay1", "900"],
    ["dispute.state.updated", "dispute", { ...dispute, state: "LOST" }, "dispute.closed", "pay1", "900"],
    ["dispute.state.updated", "dispute", { ...dispute, state: "ACCEPTED" }, "dispute.closed", "pay1", "900"],
    ["dispute.state.changed", "dispute", { ...dispute, state: "INQUIRY_CLOSED" }, "dispute.closed", "pay1", "900"],
    ["payout.paid", "payout", payout, "payout.paid", "po_1", "70000"],
    ["payout.failed", "payout", { ...payout, status: "FAILED" }, "payout.failed", "po_1", "70000"],
    ["payout.paid", "payout", { ...payout, amount_money: usd(-500) }, "payout.paid", "po_1", "-500"],
  ])("%s of a %s", (word, about, object, type, transaction, amountMinor) => {
    const event = eventOf(word, about, object);
    expect(event).toMatchObject({ type, transactionId: `square:${transaction}`, amountMinor, currency: "USD" });
  });

  it.each([
    ["payment.created", "payment", { ...payment, status: "APPROVED" }, "pay1"],
    ["payment.created", "payment", { ...payment, status: "PENDING" }, "pay1"],
    ["payment.updated", "payment", { ...payment, status: "CANCELED" }, "pay1"],
    ["payment.updated", "payment", { ...payment, status: "A_NEW_STATUS" }, "pay1"],
    ["payment.updated", "payment", { id: "pay1" }, "pay1"],
    ["refund.created", "refund", { ...refund, status: "PENDING" }, "pay1"],
    ["refund.updated", "refund", { ...refund, status: "REJECTED" }, "pay1"],
    ["refund.updated", "refund", { ...refund, status: "FAILED" }, "pay1"],
    ["dispute.state.updated", "dispute", { ...dispute, state: "PROCESSING" }, "pay1"],
    ["dispute.evidence.added", "dispute", dispute, "dsp1"],
    ["payout.sent", "payout", { ...payout, status: "SENT" }, "po_1"],
    ["order.updated", "order_updated", { id: "ord1" }, "ord1"],
    ["never.heard.of", "thing", { id: "t1" }, "t1"],
  ])("%s of a %s that moves no money is other", (word, about, object, transaction) => {
    const event = eventOf(word, about, object);
    expect(event).toMatchObject({ type: "other", providerType: word, transactionId: `square:${transaction}` });
    expect([event.amountMinor, event.amountProblem]).toEqual([undefined, undefined]);
  });

  it.each(["oauth.authorization.revoked", "location.updated", "bank_account.verified"])(
    "%s is about the seller's account",
    (word) => {
      const event = eventOf(word, "thing", { id: "x1" });
      expect(event).toMatchObject({ type: "account.updated", transactionId: "square:M1" });
      expect([event.amountMinor, event.amountProblem]).toEqual([undefined, undefined]);
    },
  );

  it.each(squareEventTypes)("rule 10: %s without money to be read is unroutable or other, and has none", (word) => {
    const about = word.split(".")[0] ?? "";
    for (const money of [undefined, null, "12", {}, usd(null), { amount: 5 }]) {
      for (const state of ["COMPLETED", "LOST"]) {
        const broken = { id: "x", status: state, state, total_money: money, amount_money: money };
        const { type, amountMinor, amountProblem } = eventOf(word, about, broken);
        expect(amountMinor).toBeUndefined();
        if (type !== "other") expect(amountProblem).toMatch(/missing|unknown/);
      }
    }
  });

  it.each([
    [
      { amount: 500, currency: "JPY" },
      { amountMinor: "500", currency: "JPY" },
    ],
    [
      { amount: 12_345, currency: "KWD" },
      { amountMinor: "12345", currency: "KWD" },
    ],
    [
      { amount: "500", currency: "EUR" },
      { amountMinor: "500", currency: "EUR" },
    ],
    [usd(new NumberText("900719925474099300001")), { amountMinor: "900719925474099300001" }],
    [usd(1.5), { amountProblem: "amount_malformed" }],
    [usd(-5), { amountMinor: "-5", amountProblem: "amount_negative" }],
    [usd(true), { amountProblem: "amount_malformed" }],
    [{ amount: 5, currency: "XXX" }, { amountProblem: "currency_unknown" }],
  ])("rule 10: reads %j", (total_money, expected) => {
    const event = eventOf("payment.updated", "payment", { ...payment, total_money });
    expect(event).toMatchObject(expected);
    expect(Object.hasOwn(event, "amountMinor")).toBe(Object.hasOwn(expected, "amountMinor"));
  });

  describe("rule 5: one fact under two ids", () => {
    const versionOf = (word: string, about: string, object: SquareObject) =>
      eventOf(word, about, object, { event_id: `e-${word}` }).objectVersion;

    it("is a payment that is completed, however often it is told", () => {
      const later = {
        ...payment,
        processing_fee: [{ amount_money: usd(59) }],
        refund_ids: ["r1"],
        version_token: "v2",
      };
      expect(versionOf("payment.created", "payment", payment)).toBe(versionOf("payment.updated", "payment", later));
    });

    it("isn't another amount, another payment or another partial refund of the same amount", () => {
      const versions = [
        versionOf("payment.updated", "payment", payment),
        versionOf("payment.updated", "payment", { ...payment, total_money: usd(1) }),
        versionOf("payment.updated", "payment", { ...payment, id: "pay2" }),
        versionOf("refund.updated", "refund", refund),
        versionOf("refund.updated", "refund", { ...refund, id: "pay1_r2" }),
      ];
      expect(new Set(versions).size).toBe(versions.length);
    });

    it("isn't another end of a dispute, nor its beginning", () => {
      const versions = [
        versionOf("dispute.created", "dispute", dispute),
        versionOf("dispute.state.updated", "dispute", { ...dispute, state: "WON", version: 2 }),
        versionOf("dispute.state.updated", "dispute", { ...dispute, state: "LOST", version: 3 }),
        versionOf("dispute.state.updated", "dispute", { ...dispute, state: "WON", version: 4 }),
      ];
      expect(new Set(versions).size).toBe(versions.length);
    });

    it("is told of nothing whose money or id is unknown", () => {
      expect(versionOf("payment.updated", "payment", { ...payment, total_money: null })).toBeUndefined();
      expect(versionOf("payment.updated", "payment", { ...payment, id: undefined })).toBeUndefined();
      expect(versionOf("order.updated", "order", { id: "ord1" })).toBeUndefined();
    });
  });

  it("takes the id that `data` has where the object has none", () => {
    const data = { type: "payment", id: "pay9", object: { payment: { ...payment, id: undefined } } };
    expect(eventOf("payment.updated", "payment", {}, { data }).transactionId).toBe("square:pay9");
    expect(eventOf("payment.updated", "payment", {}, { data }).objectVersion).toBeDefined();
  });

  it("rule 6: falls back to the digest of the body where there is no event id", () => {
    expect(eventOf("payment.updated", "payment", payment, { event_id: "" }).eventId).toBe(`square:${"ab".repeat(32)}`);
  });

  it.each([null, "text", [], {}, { event_id: "e-1" }, { type: 7 }])("refuses %p", (body) => {
    expect(translate(body)).toEqual([expect.objectContaining({ kind: "invalid", code: "not_a_square_event" })]);
  });
});
