import type { PaymentEvent } from "../../../../../config/events.ts";
import { translateStripe } from "../../../../../lambdas/shared/providers/stripe/translate.ts";
import { routingThresholdsUsd, tierOf } from "../../../../support/routing.ts";

const context = {
  provider: "stripe",
  receivedAt: "2026-11-21T08:00:00.500Z",
  correlationId: "c-1",
  bodySha256: "ab".repeat(32),
  routingThresholdsUsd,
} as const;

const translate = (body: unknown, testEvents: "record" | "route" = "record") =>
  translateStripe({ body, headers: new Map() }, context, { testEvents });

interface Changes {
  /** The connected account that it happened to. */
  readonly account?: string;
  readonly id?: string;
  readonly api_version?: string;
  readonly previous_attributes?: object;
}

/** The event of a Stripe event with this type and object. */
function eventOf(type: string, object: object, { previous_attributes, ...changes }: Changes = {}): PaymentEvent {
  const data = { object, ...(previous_attributes && { previous_attributes }) };
  const [item] = translate({ id: "evt_1", object: "event", type, created: 1_795_247_990, data, ...changes });
  if (item?.kind !== "event") throw new Error("not an event");
  return item.event;
}

const intent = {
  id: "pi_1",
  object: "payment_intent",
  amount: 250_000,
  amount_received: 250_000,
  currency: "usd",
  customer: "cus_1",
};
const charge = {
  id: "ch_1",
  object: "charge",
  amount: 250_000,
  currency: "usd",
  customer: { id: "cus_1", object: "customer" },
  payment_intent: null,
  payment_method_details: { card: { fingerprint: "8zzwoqNMPqHF2IIj", country: "US" } },
  billing_details: { address: { country: "DE" } },
  outcome: { risk_score: 29 },
};

describe("translateStripe", () => {
  it("translates a payment", () => {
    expect(eventOf("payment_intent.succeeded", intent)).toEqual({
      eventId: "stripe:evt_1",
      transactionId: "stripe:pi_1",
      provider: "stripe",
      type: "payment.succeeded",
      providerType: "payment_intent.succeeded",
      objectVersion: expect.stringMatching(/^[0-9a-f]{64}$/),
      contentDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
      amountMinor: "250000",
      currency: "USD",
      routingAmountUsd: 2_500,
      fxDate: "2026-11-20",
      signals: {},
      customerId: "cus_1",
      occurredAt: "2026-11-21T07:59:50.000Z",
      receivedAt: context.receivedAt,
      correlationId: "c-1",
    });
  });

  it.each([
    ["payment_intent.succeeded", intent, "payment.succeeded"],
    ["payment_intent.payment_failed", intent, "payment.failed"],
    ["charge.succeeded", charge, "payment.succeeded"],
    ["charge.failed", charge, "payment.failed"],
    ["charge.captured", charge, "payment.succeeded"],
    ["refund.created", { id: "re_1", object: "refund", charge: "ch_1", amount: 5, currency: "usd" }, "refund.created"],
    ["charge.dispute.created", { id: "dp_1", charge: "ch_1", amount: 5, currency: "usd" }, "dispute.opened"],
    ["charge.dispute.closed", { id: "dp_1", charge: "ch_1", amount: 5, currency: "usd" }, "dispute.closed"],
    ["payout.paid", { id: "po_1", amount: 5, currency: "usd" }, "payout.paid"],
    ["payout.failed", { id: "po_1", amount: 5, currency: "usd" }, "payout.failed"],
    ["account.updated", { id: "acct_1", default_currency: "usd" }, "account.updated"],
    ["transfer.created", { id: "tr_1", amount: 5, currency: "usd" }, "other"],
    ["invoice.paid", { id: "in_1", amount_paid: 5, currency: "usd" }, "other"],
    ["payment_intent.created", intent, "other"],
    ["no.such.type", {}, "other"],
    ["__proto__", {}, "other"],
  ])("%s is %s", (stripeType, object, type) => {
    expect(eventOf(stripeType, object)).toMatchObject({ type, providerType: stripeType });
  });

  it("takes what a charge tells the fraud score, also from inside its payment intent", () => {
    const signals = {
      cardFingerprint: "8zzwoqNMPqHF2IIj",
      cardCountry: "US",
      customerCountry: "DE",
      providerRiskScore: 29,
    };
    expect(eventOf("charge.succeeded", charge).signals).toEqual(signals);
    expect(eventOf("payment_intent.succeeded", { ...intent, latest_charge: charge }).signals).toEqual(signals);
    expect(eventOf("payment_intent.succeeded", { ...intent, charges: { data: [charge] } }).signals).toEqual(signals);
    expect(eventOf("payment_intent.succeeded", { ...intent, latest_charge: "ch_1" }).signals).toEqual({});
  });

  it("rule 5: counts one payment once, though its charge tells it again", () => {
    const told = eventOf("charge.succeeded", { ...charge, payment_intent: "pi_1" });
    expect(told).toMatchObject({ type: "other", transactionId: "stripe:pi_1", amountMinor: "250000" });
    expect(eventOf("charge.succeeded", { ...charge, captured: false })).toMatchObject({ type: "other" });
  });

  it("rule 5: counts one refund once, whichever API version tells it", () => {
    const refunded = { ...charge, amount_refunded: 3_000, refunds: null };
    const previous_attributes = { amount_refunded: 1_000 };
    const before = eventOf("charge.refunded", refunded, { api_version: "2024-09-30.acacia", previous_attributes });
    expect(before).toMatchObject({ type: "refund.created", amountMinor: "2000" });
    const since = eventOf("charge.refunded", refunded, { api_version: "2024-10-28.acacia", previous_attributes });
    expect(since).toMatchObject({ type: "other", amountMinor: "2000" });
    const unknown = eventOf("charge.refunded", refunded, { api_version: "2020-08-27" });
    expect(tierOf(unknown)).toBe("unroutable");
  });

  it("rule 5: partial refunds of one charge are versions of their own, resent facts are not", () => {
    const version = (object: object, id: string) => eventOf("charge.refunded", object, { id }).objectVersion;
    const first = version({ ...charge, amount_refunded: 1_000 }, "evt_1");
    expect(version({ ...charge, amount_refunded: 2_000 }, "evt_2")).not.toBe(first);
    expect(version({ ...charge, amount_refunded: 1_000 }, "evt_3")).toBe(first);
  });

  it("rule 5: what happens to an object once is one fact under two ids, whatever else of the object has changed", () => {
    const dispute = { id: "dp_1", charge: "ch_1", amount: 5, currency: "usd", status: "lost" };
    const once: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
      ["payment_intent.succeeded", intent],
      ["charge.succeeded", charge],
      ["charge.captured", charge],
      ["refund.created", { id: "re_1", charge: "ch_1", amount: 5, currency: "usd", status: "succeeded" }],
      ["charge.dispute.created", dispute],
      ["charge.dispute.closed", dispute],
      ["payout.paid", { id: "po_1", amount: 5, currency: "usd" }],
      ["payout.failed", { id: "po_1", amount: 5, currency: "usd" }],
    ];
    for (const [stripeType, object] of once) {
      const versionOf = (changes: object) =>
        eventOf(stripeType, { ...object, ...changes }, { id: "evt_2" }).objectVersion;
      const { objectVersion } = eventOf(stripeType, object);
      expect(versionOf({ metadata: { order: "6" }, description: "meanwhile" })).toBe(objectVersion);
      for (const changes of [{ id: "other_1" }, { amount: 6, amount_received: 6 }, { currency: "eur" }]) {
        expect(versionOf(changes)).not.toBe(objectVersion);
      }
    }
    const closed = (status: string) => eventOf("charge.dispute.closed", { ...dispute, status }).objectVersion;
    expect(closed("won")).not.toBe(closed("lost"));
  });

  it("rule 5: a payment that fails again is another fact, and so is money that can't be read", () => {
    const attempt = (stripeType: string, object: object) => eventOf(stripeType, { ...intent, ...object }).objectVersion;
    const failed = (latest_charge: string) => attempt("payment_intent.payment_failed", { latest_charge });
    expect(failed("ch_2")).not.toBe(failed("ch_1"));
    const unread = (description: string) =>
      attempt("payment_intent.succeeded", { amount_received: "ten", description });
    expect(unread("one")).not.toBe(unread("two"));
  });

  it("rule 5: events about one payment share its transaction", () => {
    const ids = [
      eventOf("charge.failed", { ...charge, payment_intent: "pi_1" }),
      eventOf("refund.created", { id: "re_1", charge: "ch_1", payment_intent: "pi_1", amount: 5, currency: "usd" }),
      eventOf("charge.dispute.created", { id: "dp_1", charge: { id: "ch_1" }, payment_intent: { id: "pi_1" } }),
    ].map(({ transactionId }) => transactionId);
    expect(new Set(ids)).toEqual(new Set(["stripe:pi_1"]));
    expect(eventOf("refund.created", { id: "re_1", charge: "ch_9" }).transactionId).toBe("stripe:ch_9");
  });

  it.each([
    [5_000, "jpy", "5000"],
    [5_000, "isk", "50"],
    [500, "ugx", "5"],
    [500, "mga", "50000"],
    [1_000, "huf", "1000"],
    [80_045, "twd", "80045"],
    [5_120, "kwd", "5120"],
  ])("rule 10: %d %s is %s in ISO's minor units", (amount, currency, amountMinor) => {
    const event = eventOf("payment_intent.succeeded", { id: "pi_1", object: "payment_intent", amount, currency });
    expect(event).toMatchObject({ amountMinor, currency: currency.toUpperCase() });
  });

  it.each([
    [550, "ugx"],
    [10.5, "usd"],
    ["ten", "usd"],
    [undefined, "usd"],
    [1_000, "xxx"],
    [1_000, undefined],
  ])("rule 10: accepts %p %p and routes it nowhere", (amount, currency) => {
    const event = eventOf("payment_intent.succeeded", { id: "pi_1", object: "payment_intent", amount, currency });
    expect(event).not.toHaveProperty("amountMinor");
    expect(tierOf(event)).toBe("unroutable");
  });

  it("rule 5: what tells again of a dispute, a refund, a payout or a payment moves no money a second time", () => {
    const object = { id: "o_1", charge: "ch_1", amount: 5, currency: "usd", status: "succeeded" };
    for (const stripeType of [
      "charge.dispute.funds_withdrawn",
      "charge.dispute.funds_reinstated",
      "charge.dispute.updated",
      "refund.updated",
      "charge.refund.updated",
      "payout.created",
      "payout.updated",
      "payout.canceled",
      "payout.reconciliation_completed",
      "payment_intent.amount_capturable_updated",
      "payment_intent.canceled",
      "charge.expired",
      "checkout.session.completed",
    ]) {
      expect(tierOf(eventOf(stripeType, object))).toBe("unrouted");
    }
  });

  it("rule 10: a refund that failed as soon as it was made gave nothing back", () => {
    const refund = (status: string) =>
      eventOf("refund.created", { id: "re_1", charge: "ch_1", amount: 5, currency: "usd", status }).type;
    expect(["succeeded", "pending", "requires_action", "failed", "canceled"].map(refund)).toEqual([
      "refund.created",
      "refund.created",
      "refund.created",
      "other",
      "other",
    ]);
  });

  it("rule 10: a payout to a bank that takes whole units only keeps its two decimals", () => {
    for (const currency of ["huf", "twd"]) {
      expect(eventOf("payout.paid", { id: "po_1", object: "payout", amount: 10_000, currency })).toMatchObject({
        type: "payout.paid",
        amountMinor: "10000",
      });
    }
  });

  it("rule 10: a payout that takes money from the bank keeps its sign, and is routed by its size", () => {
    const event = eventOf("payout.paid", { id: "po_1", object: "payout", amount: -250_000, currency: "usd" });
    expect(event).toMatchObject({ amountMinor: "-250000", routingAmountUsd: 2_500 });
  });

  it.each([
    ["account.updated", { id: "acct_1", object: "account" }],
    ["account.external_account.created", { id: "ba_1", object: "bank_account", account: "acct_1" }],
    ["account.application.deauthorized", { id: "ca_1", object: "application" }],
    ["capability.updated", { id: "card_payments", object: "capability", account: "acct_1" }],
    ["person.updated", { id: "person_1", object: "person", account: "acct_1" }],
  ])("%s is about the account, and no money", (stripeType, object) => {
    const event = eventOf(stripeType, object, { account: "acct_1" });
    expect(event).toMatchObject({ type: "account.updated", transactionId: "stripe:acct_1" });
    expect(tierOf(event)).toBe("unrouted");
  });

  describe("events of test mode, which live endpoints of Connect are sent, too", () => {
    const ofTest = (testEvents?: "record" | "route") => {
      const body = { id: "evt_1", type: "payment_intent.succeeded", livemode: false, data: { object: intent } };
      const [item] = translate(body, testEvents);
      if (item?.kind !== "event") throw new Error("not an event");
      return item.event;
    };

    it("are recorded without money", () => {
      expect(ofTest()).toMatchObject({ type: "other", providerType: "payment_intent.succeeded" });
      expect(tierOf(ofTest())).toBe("unrouted");
    });

    it("are routed where the settings say that the account is one for tests", () => {
      expect(ofTest("route")).toMatchObject({ type: "payment.succeeded", amountMinor: "250000" });
    });
  });

  it("reads what an API version to come still has where it was, and guesses no amount where it hasn't", () => {
    const next = { api_version: "2031-02-29.unheard", unheard: { of: [] } };
    expect(eventOf("payment_intent.succeeded", { ...intent, unheard: {} }, next)).toMatchObject({
      type: "payment.succeeded",
      amountMinor: "250000",
    });
    const moved = { id: "pi_1", object: "payment_intent", amounts: { received: { value: 250_000, currency: "usd" } } };
    const event = eventOf("payment_intent.succeeded", moved, next);
    expect(event).not.toHaveProperty("amountMinor");
    expect(tierOf(event)).toBe("unroutable");
  });

  it.each([
    ["v2.core.account[requirements].updated", "account.updated"],
    ["v2.core.account.closed", "account.updated"],
    ["v2.core.account_link.returned", "other"],
    ["v2.core.event_destination.ping", "other"],
    ["v2.money_management.outbound_payment.posted", "other"],
  ])("the thin event %s is %s, without money", (type, expected) => {
    const related_object = { id: "acct_1", type: "v2.core.account", url: "/v2/core/accounts/acct_1" };
    const [item] = translate({ id: "evt_1", object: "v2.core.event", type, livemode: true, related_object });
    if (item?.kind !== "event") throw new Error("not an event");
    expect(item.event).toMatchObject({ type: expected, transactionId: "stripe:acct_1" });
    expect(tierOf(item.event)).toBe("unrouted");
  });

  it("marks thin events of API v2 as other, without money", () => {
    const [item] = translate({
      id: "evt_test_65",
      object: "v2.core.event",
      type: "v1.billing.meter.error_report_triggered",
      created: "2026-11-21T07:00:00.000Z",
      related_object: { id: "mtr_1", type: "billing.meter", url: "/v1/billing/meters/mtr_1" },
    });
    if (item?.kind !== "event") throw new Error("not an event");
    expect(item.event).toMatchObject({
      type: "other",
      eventId: "stripe:evt_test_65",
      transactionId: "stripe:mtr_1",
      occurredAt: "2026-11-21T07:00:00.000Z",
    });
    expect(tierOf(item.event)).toBe("unrouted");
  });

  it("rule 6: identifies an event without id by its body", () => {
    const [item] = translate({ type: "payout.paid", data: { object: { amount: 5, currency: "usd" } } });
    expect(item).toMatchObject({ kind: "event", event: { eventId: `stripe:${context.bodySha256}` } });
  });

  it.each([[null], [5], ["text"], [[]], [{}], [{ type: 5 }]])("rule 4: %p is not a Stripe event", (body) => {
    expect(translate(body)).toMatchObject([{ kind: "invalid", code: "not_a_stripe_event" }]);
  });
});
