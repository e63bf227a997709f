import type { PaymentEvent } from "../../../../../config/events.ts";
import { parseExactJson } from "../../../../../lambdas/shared/domain/exact-json.ts";
import type { Translation } from "../../../../../lambdas/shared/domain/payment-event.ts";
import { routingThresholdsUsd } from "../../../../support/routing.ts";
import { opened, samples } from "../samples.ts";

const provider = opened("mollie", samples.mollie.secretValue);
const context = {
  provider: "mollie" as const,
  receivedAt: "2026-11-21T08:00:00.500Z",
  correlationId: "c-1",
  bodySha256: "ab".repeat(32),
  routingThresholdsUsd,
};
const eventsOf = (items: readonly Translation[]): PaymentEvent[] =>
  items.map((item) => {
    if (item.kind === "invalid") throw new Error(item.code);
    return item.event;
  });

/** The events of a classic webhook, of what Mollie's API says. */
function state(object: unknown): PaymentEvent[] {
  const parsed = parseExactJson(Buffer.from(JSON.stringify(object)));
  if (parsed.kind === "invalid") throw new Error(parsed.code);
  const headers = new Map([["mollie-webhook (as posted)", "id=tr_1"]]);
  return eventsOf(provider.translate({ body: parsed.value, headers }, context));
}

/** The event of a webhook of the next generation. */
function told(type: string, entity: object | undefined, more: object = {}, headers = new Map<string, string>()) {
  const embedded = entity === undefined ? {} : { _embedded: { entity } };
  const body = { resource: "event", id: "event_1", type, entityId: "tr_1", createdAt: "2026-11-21T07:59:50.0Z" };
  const [event] = eventsOf(provider.translate({ body: { ...body, ...embedded, ...more }, headers }, context));
  if (event === undefined) throw new Error("no event");
  return event;
}

const amount = (value: string, currency = "EUR") => ({ currency, value });
const payment = {
  resource: "payment",
  id: "tr_1",
  mode: "live",
  status: "paid",
  amount: amount("75.00"),
  amountRefunded: amount("0.00"),
  customerId: "cst_1",
  countryCode: "NL",
  details: { cardFingerprint: "fp_1", cardCountryCode: "BE", cardLabel: "Visa" },
  createdAt: "2026-11-20T10:00:00+00:00",
  paidAt: "2026-11-20T10:02:00+00:00",
};
const refund = (id: string, status = "refunded", value = "10.00") => ({
  resource: "refund",
  id,
  paymentId: "tr_1",
  status,
  amount: amount(value),
  createdAt: "2026-11-20T12:00:00+00:00",
});
const chargeback = (id: string, reversedAt: string | null = null) => ({
  resource: "chargeback",
  id,
  paymentId: "tr_1",
  amount: amount("75.00"),
  settlementAmount: amount("-75.00"),
  createdAt: "2026-11-20T13:00:00+00:00",
  reversedAt,
});
const brief = ({ eventId, type, amountMinor }: PaymentEvent) => [eventId, type, amountMinor];

describe("a classic webhook", () => {
  it("of a paid payment is one event, named by its state", () => {
    expect(state(payment)).toEqual([
      {
        eventId: "mollie:tr_1:paid",
        transactionId: "mollie:tr_1",
        provider: "mollie",
        type: "payment.succeeded",
        providerType: "payment.paid",
        objectVersion: expect.any(String),
        contentDigest: expect.any(String),
        amountMinor: "7500",
        currency: "EUR",
        routingAmountUsd: expect.any(Number),
        fxDate: expect.any(String),
        signals: { cardFingerprint: "fp_1", cardCountry: "BE", customerCountry: "NL" },
        customerId: "cst_1",
        occurredAt: "2026-11-20T10:02:00.000Z",
        receivedAt: context.receivedAt,
        correlationId: "c-1",
      },
    ]);
  });

  it("tells each fact there is, and each again in the same words the next time", () => {
    const embedded = { refunds: [refund("re_2", "pending"), refund("re_1")], chargebacks: [chargeback("chb_1")] };
    const first = state({ ...payment, _embedded: embedded });
    expect(first.map(brief)).toEqual([
      ["mollie:tr_1:paid", "payment.succeeded", "7500"],
      ["mollie:re_2:pending", "other", undefined],
      ["mollie:re_1:refunded", "refund.created", "1000"],
      ["mollie:chb_1:received", "dispute.opened", "7500"],
    ]);
    expect(new Set(first.map(({ transactionId }) => transactionId))).toEqual(new Set(["mollie:tr_1"]));
    const later = state({
      ...payment,
      amountRefunded: amount("20.00"),
      settlementId: "stl_1",
      _embedded: {
        refunds: [refund("re_2"), refund("re_1")],
        chargebacks: [chargeback("chb_1", "2026-11-21T00:00:00+00:00")],
      },
    });
    expect(later.map(brief)).toEqual([
      ["mollie:tr_1:paid", "payment.succeeded", "7500"],
      ["mollie:re_2:refunded", "refund.created", "1000"],
      ["mollie:re_1:refunded", "refund.created", "1000"],
      ["mollie:chb_1:received", "dispute.opened", "7500"],
      ["mollie:chb_1:reversed", "dispute.closed", "7500"],
    ]);
    const again = (events: readonly PaymentEvent[]) =>
      events.filter(({ eventId }) => first.some((one) => one.eventId === eventId));
    expect(again(later)).toEqual(again(first).filter(({ eventId }) => later.some((one) => one.eventId === eventId)));
  });

  it.each([
    ["open", "other", undefined],
    ["pending", "other", undefined],
    ["authorized", "other", undefined],
    ["paid", "payment.succeeded", "7500"],
    ["failed", "payment.failed", "7500"],
    ["canceled", "other", undefined],
    ["expired", "other", undefined],
    ["something-new", "other", undefined],
  ])("of a payment that is %s is %s", (status, type, amountMinor) => {
    expect(state({ ...payment, status }).map(brief)).toEqual([[`mollie:tr_1:${status}`, type, amountMinor]]);
  });

  it.each([
    ["queued", "other", undefined],
    ["pending", "other", undefined],
    ["processing", "other", undefined],
    ["refunded", "refund.created", "1000"],
    ["failed", "other", undefined],
    ["canceled", "other", undefined],
  ])("of a refund that is %s is %s: money goes back once", (status, type, amountMinor) => {
    const [, event] = state({ ...payment, _embedded: { refunds: [refund("re_1", status)] } });
    expect(event && brief(event)).toEqual([`mollie:re_1:${status}`, type, amountMinor]);
  });

  it("of a payment that was authorized for more says what was captured", () => {
    const captured = (value: string) => state({ ...payment, amountCaptured: amount(value) })[0]?.amountMinor;
    expect([captured("60.00"), captured("75.00"), captured("0.00")]).toEqual(["6000", "7500", "7500"]);
  });

  it("of a payment that is captured in parts is one fact, whatever the sum is by now: never the first part twice", () => {
    const versionOf = (value: string, id = "tr_1") =>
      state({ ...payment, id, amountCaptured: amount(value) })[0]?.objectVersion;
    expect(versionOf("75.00")).toBe(versionOf("40.00"));
    expect(versionOf("40.00", "tr_2")).not.toBe(versionOf("40.00"));
  });

  it("of an order tells of its payments and refunds", () => {
    const order = { resource: "order", id: "ord_1.x", mode: "live", status: "paid", amount: amount("75.00") };
    const embedded = { payments: [payment, { ...payment, id: "tr_0", status: "failed" }], refunds: [refund("re_1")] };
    expect(state({ ...order, _embedded: embedded }).map(brief)).toEqual([
      ["mollie:ord_1.x:paid", "other", undefined],
      ["mollie:tr_1:paid", "payment.succeeded", "7500"],
      ["mollie:tr_0:failed", "payment.failed", "7500"],
      ["mollie:re_1:refunded", "refund.created", "1000"],
    ]);
  });

  it("rule 6: of objects without ids or states still keeps them apart, and throws at nothing", () => {
    const events = state({ resource: "payment", _embedded: { refunds: [{}, { status: 7 }, null], chargebacks: [5] } });
    expect(events.map(({ type }) => type)).toEqual(["other", "other", "other", "other", "dispute.opened"]);
    expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(5);
    expect(events.at(-1)).toMatchObject({ amountProblem: "amount_missing" });
  });

  it("of what is no object is nothing", () => {
    const headers = new Map([["mollie-webhook (as posted)", "id=tr_1"]]);
    expect(provider.translate({ body: [], headers }, context)).toMatchObject([{ code: "not_a_mollie_object" }]);
  });
});

describe("a webhook of the next generation", () => {
  it("of play money beside a live API key, or the other way round, is recorded without money", () => {
    const typeOf = (mode: string | undefined, ...secrets: readonly string[]) => {
      const body = {
        id: "event_1",
        type: "payment.paid",
        entityId: "tr_1",
        _embedded: { entity: { ...payment, mode } },
      };
      const [event] = eventsOf(opened("mollie", { secrets }).translate({ body, headers: new Map() }, context));
      return [event?.type, event?.amountMinor, event?.transactionId];
    };
    const [liveKey, testKey] = [`live_${"k".repeat(30)}`, `test_${"k".repeat(30)}`];
    const money = ["payment.succeeded", "7500", "mollie:tr_1"];
    const none = ["other", undefined, "mollie:tr_1"];
    expect([typeOf("live", "signing", liveKey), typeOf("test", "signing", liveKey)]).toEqual([money, none]);
    expect([typeOf("test", "signing", testKey), typeOf("live", "signing", testKey)]).toEqual([money, none]);
    expect([typeOf("test", "signing"), typeOf(undefined, "signing", liveKey)]).toEqual([money, money]);
  });

  it.each([
    ["payment.paid", payment, "payment.succeeded", "mollie:tr_1"],
    ["payment.failed", { ...payment, status: "failed" }, "payment.failed", "mollie:tr_1"],
    ["refund.refunded", refund("re_1"), "refund.created", "mollie:tr_1"],
    ["chargeback.received", chargeback("chb_1"), "dispute.opened", "mollie:tr_1"],
    ["chargeback.reversed", chargeback("chb_1", "2026-11-21T00:00:00Z"), "dispute.closed", "mollie:tr_1"],
    [
      "payout.completed",
      { id: "payout_1", status: "completed", amount: amount("75.00") },
      "payout.paid",
      "mollie:payout_1",
    ],
    [
      "payout.failed",
      { id: "payout_1", status: "failed", amount: amount("75.00") },
      "payout.failed",
      "mollie:payout_1",
    ],
    [
      "payout.canceled",
      { id: "payout_1", status: "canceled", amount: amount("75.00") },
      "payout.failed",
      "mollie:payout_1",
    ],
  ])("%s tells of money", (type, entity, ours, transactionId) => {
    const event = told(type, entity);
    expect(event).toMatchObject({ eventId: "mollie:event_1", type: ours, transactionId, providerType: type });
    expect([event.amountMinor, event.currency]).toEqual([type.startsWith("refund") ? "1000" : "7500", "EUR"]);
    expect(event.occurredAt).toBe("2026-11-21T07:59:50.000Z");
  });

  it.each([
    ["payment.authorized", "other"],
    ["payment.canceled", "other"],
    ["payment.expired", "other"],
    ["payment.pending", "other"],
    ["refund.queued", "other"],
    ["refund.pending", "other"],
    ["refund.processing", "other"],
    ["refund.failed", "other"],
    ["refund.canceled", "other"],
    ["capture.succeeded", "other"],
    ["capture.failed", "other"],
    ["payment-link.paid", "other"],
    ["balance-transaction.created", "other"],
    ["payout.initiated", "other"],
    ["payout.processing-at-bank", "other"],
    ["sales-invoice.paid", "other"],
    ["sales-invoice.e-invoice-failed", "other"],
    ["business-account-transfer.processed", "other"],
    ["dispute.opened", "other"],
    ["profile.blocked", "account.updated"],
    ["onboarding.needs-data", "account.updated"],
    ["hook.ping", "other"],
    ["something.new", "other"],
  ])("%s moves no money of its own", (type, ours) => {
    const event = told(type, { id: "x_1", amount: amount("75.00") });
    expect(event).toMatchObject({ type: ours, providerType: type });
    expect(event).not.toHaveProperty("amountMinor");
    expect(event).not.toHaveProperty("amountProblem");
  });

  it("rule 5: and a classic one have the same fact under their own ids", () => {
    const classic = state({
      ...payment,
      _embedded: { refunds: [refund("re_1")], chargebacks: [chargeback("chb_1", "2026-11-21T00:00:00Z")] },
    });
    const events = [
      told("payment.paid", payment),
      told("refund.refunded", refund("re_1")),
      told("chargeback.received", chargeback("chb_1")),
      told("chargeback.reversed", chargeback("chb_1", "2026-11-21T00:00:00Z")),
    ];
    const fact = ({ transactionId, providerType, objectVersion }: PaymentEvent) => [
      transactionId,
      providerType,
      objectVersion,
    ];
    expect(events.map(fact)).toEqual(classic.map(fact));
    expect(new Set(classic.map(({ objectVersion }) => objectVersion)).size).toBe(3);
  });

  it("reads the object that was fetched where it came without", () => {
    const headers = new Map([["mollie-entity (fetched)", JSON.stringify(payment)]]);
    expect(told("payment.paid", undefined, {}, headers)).toMatchObject({ amountMinor: "7500", customerId: "cst_1" });
  });

  it("rule 10: without any object is money that a person has to look at", () => {
    expect(told("payment.paid", undefined)).toMatchObject({
      type: "payment.succeeded",
      transactionId: "mollie:tr_1",
      amountProblem: "amount_missing",
    });
    expect(told("payment.paid", undefined)).not.toHaveProperty("objectVersion");
    expect(told("payment.expired", undefined)).toMatchObject({ type: "other" });
  });

  it.each([
    ["JPY", "1500", "1500"],
    ["ISK", "1500", "1500"],
    ["HUF", "1500.50", "150050"],
    ["TWD", "1500.50", "150050"],
    ["KWD", "1.250", "1250"],
    ["EUR", "-10.00", "-1000"],
    ["EUR", "9007199254740993.01", "900719925474099301"],
  ])("rule 10: states amounts in %s like %s", (currency, value, amountMinor) => {
    expect(told("payment.paid", { ...payment, amount: amount(value, currency) }).amountMinor).toBe(amountMinor);
  });

  it("rule 10: takes a refund's amount without its sign", () => {
    expect(told("refund.refunded", refund("re_1", "refunded", "-10.00")).amountMinor).toBe("1000");
  });

  it.each([
    [{ amount: amount("10.005") }, "amount_inexact"],
    [{ amount: amount("1500.5", "JPY") }, "amount_inexact"],
    [{ amount: amount("ten") }, "amount_malformed"],
    [{ amount: { value: "10.00" } }, "currency_unknown"],
    [{ amount: amount("1", "XXX") }, "currency_unknown"],
    [{ amount: null }, "amount_missing"],
    [{ amount: { currency: "EUR" } }, "amount_missing"],
    [{ status: "failed" }, "status_contradicts"],
    [{ resource: "refund" }, "object_unexpected"],
  ])("rule 10: never guesses an amount of %p", (changes, amountProblem) => {
    const event = told("payment.paid", { ...payment, ...changes });
    expect(event).toMatchObject({ type: "payment.succeeded", amountProblem });
    expect(event).not.toHaveProperty("objectVersion");
  });

  it("that has no type is none of Mollie's", () => {
    const translate = (body: unknown) => provider.translate({ body, headers: new Map() }, context);
    for (const body of [{}, [], 5, null, { type: 7 }, { id: "event_1" }]) {
      expect(translate(body)).toMatchObject([{ kind: "invalid", code: "not_a_mollie_event" }]);
    }
  });

  it("rule 6: without an id goes by its body", () => {
    expect(told("payment.paid", payment, { id: undefined }).eventId).toBe(`mollie:${context.bodySha256}`);
  });
});
