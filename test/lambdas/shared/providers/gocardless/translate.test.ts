import { amountsHeader } from "../../../../../lambdas/shared/providers/gocardless/capabilities.ts";
import { gocardlessEventNames } from "../../../../../lambdas/shared/providers/gocardless/facts.ts";
import { translateGocardless } from "../../../../../lambdas/shared/providers/gocardless/translate.ts";
import { routingThresholdsUsd, tierOf } from "../../../../support/routing.ts";

const context = {
  provider: "gocardless",
  receivedAt: "2026-11-21T08:00:00.500Z",
  correlationId: "c-1",
  bodySha256: "ab".repeat(32),
  routingThresholdsUsd,
} as const;

const known: Readonly<Record<string, readonly unknown[]>> = {
  PM1: ["1250", "GBP"],
  RF1: ["500", "GBP", "PM1"],
  RF2: ["500", "GBP"],
  PO1: ["99000", "EUR"],
  OUT1: ["700", "GBP"],
};

function translate(body: unknown, amounts: unknown = known) {
  const headers = new Map(amounts === undefined ? [] : [[amountsHeader, JSON.stringify(amounts)]]);
  return translateGocardless({ body, headers }, context);
}

const eventAbout = (name: string, id: string, more: object = {}) => {
  const [resource = "", action = ""] = name.split(".");
  return {
    id: "EV00ABC",
    created_at: "2026-11-21T07:59:50.336Z",
    resource_type: resource,
    action,
    links: { [resource.slice(0, -1)]: id },
    details: { origin: "gocardless", cause: "x" },
    metadata: {},
    ...more,
  };
};

function eventOf(name: string, id: string, more: object = {}, amounts: unknown = known) {
  const [item] = translate({ events: [eventAbout(name, id, more)] }, amounts);
  if (item?.kind !== "event") throw new Error(item?.message ?? "no event");
  return item.event;
}

describe("translateGocardless", () => {
  it("translates a confirmed payment, with the amount that was fetched", () => {
    expect(eventOf("payments.confirmed", "PM1")).toEqual({
      eventId: "gocardless:EV00ABC",
      transactionId: "gocardless:PM1",
      provider: "gocardless",
      type: "payment.succeeded",
      providerType: "payments.confirmed",
      contentDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
      amountMinor: "1250",
      currency: "GBP",
      routingAmountUsd: expect.any(Number),
      fxDate: "2026-11-20",
      signals: {},
      occurredAt: "2026-11-21T07:59:50.336Z",
      receivedAt: context.receivedAt,
      correlationId: "c-1",
    });
  });

  it.each([
    ["payments.failed", "PM1", "payment.failed", "PM1", "1250"],
    ["payments.customer_approval_denied", "PM1", "payment.failed", "PM1", "1250"],
    ["payments.charged_back", "PM1", "dispute.opened", "PM1", "1250"],
    ["payments.chargeback_cancelled", "PM1", "dispute.closed", "PM1", "1250"],
    ["payments.paid_out", "PM1", "other", "PM1", undefined],
    ["payments.chargeback_settled", "PM1", "other", "PM1", undefined],
    ["payments.cancelled", "PM1", "other", "PM1", undefined],
    ["payments.created", "PM1", "other", "PM1", undefined],
    ["refunds.created", "RF1", "refund.created", "PM1", "500"],
    ["refunds.created", "RF2", "refund.created", "RF2", "500"],
    ["refunds.paid", "RF1", "other", "PM1", undefined],
    ["payouts.paid", "PO1", "payout.paid", "PO1", "99000"],
    ["payouts.fx_rate_confirmed", "PO1", "other", "PO1", undefined],
    ["outbound_payments.executed", "OUT1", "payout.paid", "OUT1", "700"],
    ["outbound_payments.failed", "OUT1", "payout.failed", "OUT1", "700"],
    ["creditors.updated", "CR1", "account.updated", "CR1", undefined],
    ["organisations.disconnected", "OR1", "account.updated", "OR1", undefined],
    ["mandates.cancelled", "MD1", "other", "MD1", undefined],
    ["billing_requests.fulfilled", "BRQ1", "other", "BRQ1", undefined],
    ["novelties.heard_of", "N1", "other", "N1", undefined],
  ])("%s of %s is %s", (name, id, type, transaction, amountMinor) => {
    const event = eventOf(name, id);
    expect(event).toMatchObject({ type, providerType: name, transactionId: `gocardless:${transaction}` });
    expect(event.amountMinor).toBe(amountMinor);
    expect(event.amountProblem).toBeUndefined();
  });

  it.each(gocardlessEventNames)("rule 10: %s whose amount wasn't fetched is unroutable, and has none", (name) => {
    for (const amounts of [undefined, {}, [], "text", { PM9: [] }, { PM9: [null, "GBP"] }, { PM9: "1250" }]) {
      const event = eventOf(name, "PM9", {}, amounts);
      expect(event.amountMinor).toBeUndefined();
      expect(tierOf(event)).toBe("unroutable");
    }
    expect(eventOf(name, "PM9", { links: null }).amountProblem).toBe("amount_missing");
  });

  it.each([
    ["1250", "GBP", { amountMinor: "1250", currency: "GBP" }],
    ["0", "SEK", { amountMinor: "0" }],
    ["9007199254740993", "EUR", { amountMinor: "9007199254740993" }],
    ["12.5", "GBP", { amountProblem: "amount_malformed" }],
    ["1250", "XXX", { amountProblem: "currency_unknown" }],
  ])("rule 10: %s %s", (amount, currency, expected) => {
    expect(eventOf("payments.confirmed", "PM9", {}, { PM9: [amount, currency] })).toMatchObject(expected);
  });

  it("rule 6: gives each event of a body its place, and keeps the good from the bad", () => {
    const good = (id: string) => eventAbout("payments.confirmed", "PM1", { id });
    const events = [good("EV1"), null, 7, { id: "EV3" }, good("EV4"), good("EV5")];
    const items = translate({ events, meta: { webhook_id: "WB1" } });
    expect(items.map((item) => (item.kind === "event" ? item.event.eventId : item.code))).toEqual([
      "gocardless:EV1",
      "not_a_gocardless_event",
      "not_a_gocardless_event",
      "not_a_gocardless_event",
      "gocardless:EV4",
      "gocardless:EV5",
    ]);
    expect(translate({ events: Array(250).fill(good("EV1")) })).toHaveLength(250);
    expect(translate({ events: Array(501).fill(good("EV1")) })).toMatchObject([{ code: "batch_too_large" }]);
    expect(translate({ events: [] })).toEqual([]);
  });

  it("rule 6: events without an id go by their content, each by its own", () => {
    const events = ["PM1", "PM2"].map((id) => eventAbout("payments.created", id, { id: "" }));
    const ids = translate({ events }).map((item) => (item.kind === "event" ? item.event.eventId : item.code));
    expect(new Set(ids).size).toBe(2);
    expect(ids.every((id) => /^gocardless:[0-9a-f]{64}$/.test(id))).toBe(true);
  });

  it("reads what is still where it was in versions to come, and takes the time of receipt without one", () => {
    const event = eventOf("payments.confirmed", "PM1", { created_at: { unix: 1 }, source: {}, resource_metadata: [] });
    expect(event).toMatchObject({ type: "payment.succeeded", occurredAt: context.receivedAt });
  });

  it.each([null, "text", [], {}, { events: {} }])("refuses %p", (body) => {
    expect(translate(body)).toEqual([expect.objectContaining({ kind: "invalid", code: "not_a_gocardless_webhook" })]);
  });
});
