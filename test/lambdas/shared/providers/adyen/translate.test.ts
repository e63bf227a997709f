import { parseExactJson } from "../../../../../lambdas/shared/domain/exact-json.ts";
import type { AdyenSettings } from "../../../../../lambdas/shared/providers/adyen/capabilities.ts";
import { adyenEventCodes } from "../../../../../lambdas/shared/providers/adyen/facts.ts";
import { translateAdyen } from "../../../../../lambdas/shared/providers/adyen/translate.ts";
import { routingThresholdsUsd, tierOf } from "../../../../support/routing.ts";

const context = {
  provider: "adyen",
  receivedAt: "2026-11-21T08:00:00.500Z",
  correlationId: "c-1",
  bodySha256: "ab".repeat(32),
  routingThresholdsUsd,
} as const;
type Changes = Partial<AdyenSettings>;
const credentials = [{ username: "adyen", password: "long-and-random" }];

/** Through JSON, as a body comes in. */
function translate(body: unknown, settings: Changes = {}) {
  const parsed = parseExactJson(Buffer.from(JSON.stringify(body)));
  if (parsed.kind === "invalid") throw new Error(parsed.message);
  const all: AdyenSettings = { secrets: [], capture: "automatic", testEvents: "record", ...settings };
  return translateAdyen({ body: parsed.value, headers: new Map() }, context, all);
}

function only(body: unknown, settings?: Changes) {
  const [item] = translate(body, settings);
  if (item?.kind !== "event") throw new Error(item?.message ?? "no event");
  return item.event;
}

const authorisation = {
  amount: { currency: "EUR", value: 1130 },
  eventCode: "AUTHORISATION",
  eventDate: "2026-11-21T08:59:50+01:00",
  merchantAccountCode: "ExampleECOM",
  merchantReference: "order-1",
  operations: ["CANCEL", "CAPTURE", "REFUND"],
  paymentMethod: "visa",
  pspReference: "QFQTPCQ8HXSKGK82",
  reason: "031893:1111:03/2030",
  success: "true",
};
const later = (eventCode: string, changes: object = {}) => ({
  ...authorisation,
  eventCode,
  pspReference: "M1",
  originalReference: "QFQTPCQ8HXSKGK82",
  ...changes,
});
const webhook = (...items: readonly unknown[]) => ({
  live: "true",
  notificationItems: items.map((one) => ({ NotificationRequestItem: one })),
});
const eventOf = (item: unknown, settings?: Changes) => only(webhook(item), settings);

describe("translateAdyen, of items", () => {
  it("translates an authorisation, with what tells the fraud score", () => {
    const additionalData = {
      alias: "H000000000000017",
      issuerCountry: "NL",
      shopperCountry: "de",
      shopperReference: "shopper-5",
      totalFraudScore: "35",
    };
    expect(eventOf({ ...authorisation, additionalData })).toEqual({
      eventId: "adyen:AUTHORISATION:QFQTPCQ8HXSKGK82:true",
      transactionId: "adyen:QFQTPCQ8HXSKGK82",
      provider: "adyen",
      type: "payment.succeeded",
      providerType: "AUTHORISATION",
      contentDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
      amountMinor: "1130",
      currency: "EUR",
      routingAmountUsd: expect.any(Number),
      fxDate: "2026-11-20",
      signals: {
        cardFingerprint: "H000000000000017",
        cardCountry: "NL",
        customerCountry: "DE",
        providerRiskScore: 35,
      },
      customerId: "shopper-5",
      occurredAt: "2026-11-21T07:59:50.000Z",
      receivedAt: context.receivedAt,
      correlationId: "c-1",
    });
  });

  it.each([
    ["AUTHORISATION", "false", "payment.failed"],
    ["CAPTURE", "true", "other"],
    ["CAPTURE", "false", "other"],
    ["CAPTURE_FAILED", "true", "payment.failed"],
    ["CANCELLATION", "true", "other"],
    ["REFUND", "true", "refund.created"],
    ["REFUND", "false", "other"],
    ["REFUND_WITH_DATA", "true", "refund.created"],
    ["REFUND_FAILED", "true", "other"],
    ["REFUNDED_REVERSED", "true", "other"],
    ["NOTIFICATION_OF_CHARGEBACK", "true", "other"],
    ["CHARGEBACK", "true", "dispute.opened"],
    ["CHARGEBACK_REVERSED", "true", "dispute.closed"],
    ["SECOND_CHARGEBACK", "true", "dispute.closed"],
    ["PREARBITRATION_WON", "true", "dispute.closed"],
    ["PREARBITRATION_LOST", "true", "dispute.closed"],
    ["SCHEME_ARBITRATION_LOST", "true", "other"],
    ["DISPUTE_DEFENSE_PERIOD_ENDED", "true", "dispute.closed"],
    ["ISSUER_RESPONSE_TIMEFRAME_EXPIRED", "true", "dispute.closed"],
    ["PAYOUT_THIRDPARTY", "true", "payout.paid"],
    ["PAYOUT_THIRDPARTY", "false", "payout.failed"],
    ["PAYOUT_DECLINE", "true", "payout.failed"],
    ["PAIDOUT_REVERSED", "true", "payout.failed"],
    ["REPORT_AVAILABLE", "true", "other"],
    ["REQUEST_FOR_INFORMATION", "true", "other"],
    ["NEVER_HEARD_OF", "true", "other"],
  ])("%s with success %s is %s of its payment", (code, success, type) => {
    const event = eventOf(later(code, { success }));
    expect(event).toMatchObject({ type, providerType: code, transactionId: "adyen:QFQTPCQ8HXSKGK82" });
    expect(event.amountMinor).toBe(adyenEventCodes.includes(code) ? "1130" : undefined);
    expect(event.amountProblem).toBeUndefined();
  });

  it("makes the capture the payment where the account captures by hand", () => {
    const byHand = { capture: "manual", credentials } as const;
    expect(eventOf(authorisation, byHand)).toMatchObject({ type: "other", amountMinor: "1130" });
    expect(eventOf(later("CAPTURE"), byHand)).toMatchObject({ type: "payment.succeeded", amountMinor: "1130" });
    expect(eventOf(later("CAPTURE", { success: "false" }), byHand).type).toBe("other");
    expect(eventOf(later("CAPTURE_FAILED"), byHand).type).toBe("payment.failed");
    // What can't be captured is paid when it is authorised, as with iDEAL.
    expect(eventOf({ ...authorisation, operations: ["REFUND"] }, byHand).type).toBe("payment.succeeded");
    for (const operations of [undefined, [], "REFUND"]) {
      expect(eventOf({ ...authorisation, operations }, byHand).type).toBe("other");
    }
  });

  it("leaves to a person what only an unsigned field tells, where no credentials vouch for it", () => {
    const paid = eventOf({ ...authorisation, operations: ["REFUND"] }, { capture: "manual" });
    expect(paid).toMatchObject({ type: "payment.succeeded", amountProblem: "object_unexpected" });
    const back = eventOf(later("REVERSAL", { additionalData: { "modification.action": "refund" } }));
    expect(back).toMatchObject({ type: "refund.created", amountProblem: "object_unexpected" });
    expect([tierOf(paid), tierOf(back)]).toEqual(["unroutable", "unroutable"]);
  });

  it("takes an authorisation of nothing, which only checks the card, for no payment", () => {
    const nothing = { ...authorisation, amount: { currency: "EUR", value: 0 } };
    expect(eventOf(nothing)).toMatchObject({ type: "other", amountMinor: "0" });
    expect(eventOf({ ...nothing, success: "false" }).type).toBe("payment.failed");
  });

  it.each(["CANCEL_OR_REFUND", "REVERSAL"])("tells by its action what a %s has done", (code) => {
    const of = (action?: unknown) =>
      eventOf(later(code, { additionalData: { "modification.action": action } }), { credentials });
    expect(of("refund")).toMatchObject({ type: "refund.created", amountMinor: "1130" });
    expect(tierOf(of("cancel"))).toBe("unrouted");
    expect(of("cancel").amountMinor).toBeUndefined();
    expect(of()).toMatchObject({ type: "refund.created", amountProblem: "object_unexpected" });
    expect(tierOf(of())).toBe("unroutable");
    expect(eventOf(later(code, { success: "false" })).type).toBe("other");
  });

  it("goes by a dispute's own reference where it names no payment", () => {
    expect(eventOf(later("CHARGEBACK_REVERSED", { originalReference: "" })).transactionId).toBe("adyen:M1");
  });

  it("rule 6: events of one reference differ by code and outcome, whatever else of them changes", () => {
    const ids = [authorisation, { ...authorisation, success: "false" }, { ...authorisation, eventCode: "EXPIRE" }];
    expect(new Set(ids.map((item) => eventOf(item).eventId)).size).toBe(3);
    const again = eventOf({ ...authorisation, eventDate: "2026-11-21T09:30:00+01:00", reason: "x", operations: [] });
    const first = eventOf(authorisation);
    expect([again.eventId, again.contentDigest]).toEqual([first.eventId, first.contentDigest]);
  });

  it("rule 6: items without a reference go by their content, each by its own", () => {
    const items = [1, 2].map((value) => ({ ...authorisation, pspReference: "", amount: { currency: "EUR", value } }));
    const ids = translate(webhook(...items)).map((one) => (one.kind === "event" ? one.event.eventId : one.code));
    expect(new Set(ids).size).toBe(2);
    expect(ids.every((id) => /^adyen:[0-9a-f]{64}$/.test(id))).toBe(true);
  });

  it("rule 6: reports of two accounts may have one file's name", () => {
    const report = (merchantAccountCode: string) =>
      eventOf(later("REPORT_AVAILABLE", { pspReference: "settlement_2026_11.csv", merchantAccountCode })).eventId;
    expect(report("A")).not.toBe(report("B"));
  });

  it("rule 6: gives each item of a batch its place, and keeps the good from the bad", () => {
    const items = translate(webhook(authorisation, null, { pspReference: "X" }, later("REFUND")));
    expect(items.map((one) => (one.kind === "event" ? one.event.type : one.code))).toEqual([
      "payment.succeeded",
      "not_an_adyen_item",
      "not_an_adyen_item",
      "refund.created",
    ]);
    expect(translate({ live: "true", notificationItems: [authorisation] })).toMatchObject([{ kind: "invalid" }]);
    expect(translate(webhook(...Array(501).fill(authorisation)))).toMatchObject([{ code: "batch_too_large" }]);
  });

  it.each([
    ["JPY", 500, { amountMinor: "500" }],
    ["KWD", 1234, { amountMinor: "1234" }],
    ["CLP", 50_000, { amountMinor: "500" }],
    ["CLP", 50_050, { amountProblem: "amount_inexact" }],
    ["CVE", 500, { amountMinor: "50000" }],
    ["IDR", 15_000, { amountMinor: "1500000" }],
    ["ISK", 279_000, { amountMinor: "2790" }],
    ["EUR", "1130", { amountMinor: "1130" }],
    ["EUR", 11.3, { amountProblem: "amount_malformed" }],
    ["EUR", null, { amountProblem: "amount_missing" }],
    ["EUR", {}, { amountProblem: "amount_malformed" }],
    ["CNH", 1130, { amountProblem: "currency_unknown" }],
    [undefined, 1130, { amountProblem: "currency_unknown" }],
  ])("rule 10: %s %p", (currency, value, expected) => {
    const event = eventOf({ ...authorisation, amount: { currency, value } });
    expect(event).toMatchObject(expected);
    expect(Object.hasOwn(event, "amountMinor")).toBe(Object.hasOwn(expected, "amountMinor"));
  });

  it("rule 10: reads amounts beyond 2^53 exactly, and those of a refund without a sign", () => {
    const text = JSON.stringify(webhook(later("REFUND"))).replace("1130", "-900719925474099312");
    const parsed = parseExactJson(Buffer.from(text));
    if (parsed.kind === "invalid") throw new Error(parsed.message);
    const settings: AdyenSettings = { secrets: [], capture: "automatic", testEvents: "record" };
    const [item] = translateAdyen({ body: parsed.value, headers: new Map() }, context, settings);
    expect(item).toMatchObject({ event: { type: "refund.created", amountMinor: "900719925474099312" } });
  });

  it.each([
    ["AUTHORISATION", "automatic"],
    ["CAPTURE", "manual"],
    ["CAPTURE_FAILED", "automatic"],
  ] as const)("rule 10: %s of an amount below zero is none of as much above it", (code, capture) => {
    const event = eventOf(later(code, { amount: { currency: "EUR", value: -1130 } }), { capture });
    expect(event).toMatchObject({ amountMinor: "-1130", amountProblem: "amount_negative" });
    expect(tierOf(event)).toBe("unroutable");
  });

  it.each(adyenEventCodes)("rule 10: %s without an amount is unroutable or other, and has none", (code) => {
    const event = eventOf(later(code, { amount: undefined }));
    expect(event.amountMinor).toBeUndefined();
    expect(["unroutable", "unrouted"]).toContain(tierOf(event));
  });

  it.each([undefined, "", "yes", 1, "TRUE", []])("records an outcome that isn't one, %p, without money", (success) => {
    expect(eventOf({ ...authorisation, success })).toMatchObject({ type: "other", providerType: "AUTHORISATION" });
  });

  it("records test events without money, unless they shall be routed", () => {
    const test = { ...webhook(authorisation), live: "false" };
    const event = only(test);
    expect([event.type, event.amountMinor, event.providerType]).toEqual(["other", undefined, "AUTHORISATION"]);
    expect(only(test, { testEvents: "route" })).toMatchObject({ type: "payment.succeeded", amountMinor: "1130" });
    expect(only({ ...test, live: false }).type).toBe("other");
    expect(only({ ...test, live: undefined }).type).toBe("payment.succeeded");
  });
});

describe("translateAdyen, of platforms", () => {
  const transfer = (status: string, changes: object = {}) => ({
    type: "balancePlatform.transfer.updated",
    environment: "live",
    timestamp: "2026-11-21T07:59:50+00:00",
    data: {
      accountHolder: { id: "AH1" },
      balanceAccount: { id: "BA1" },
      amount: { currency: "EUR", value: 10_000 },
      category: "bank",
      direction: "outgoing",
      id: "T1",
      reference: "payout-1",
      sequenceNumber: 3,
      status,
      ...changes,
    },
  });

  it.each([
    ["booked", "payout.paid"],
    ["returned", "payout.failed"],
    ["failed", "payout.failed"],
    ["refused", "payout.failed"],
    ["authorised", "other"],
    ["credited", "other"],
  ])("a transfer to a bank that is %s is %s", (status, type) => {
    const event = only(transfer(status));
    expect(event).toMatchObject({
      eventId: "adyen:balancePlatform.transfer.updated:T1:3",
      type,
      providerType: "balancePlatform.transfer.updated",
      transactionId: "adyen:T1",
      occurredAt: "2026-11-21T07:59:50.000Z",
    });
    expect(event.amountMinor).toBe(type === "other" ? undefined : "10000");
  });

  it("is no payout of ours if it comes in, or stays inside", () => {
    expect(only(transfer("booked", { direction: "incoming" })).type).toBe("other");
    expect(only(transfer("booked", { category: "platformPayment" })).type).toBe("other");
    expect(only({ ...transfer("booked"), type: "balancePlatform.transaction.created" }).type).toBe("other");
  });

  it("rule 5: a payout whose way the bank reports is paid once, and may be returned after that", () => {
    const versionOf = (status: string, sequenceNumber: number) =>
      only(transfer(status, { sequenceNumber })).objectVersion;
    expect(versionOf("booked", 4)).toBe(versionOf("booked", 3));
    expect(versionOf("returned", 5)).not.toBe(versionOf("booked", 3));
    expect(only(transfer("booked", { amount: null })).objectVersion).toBeUndefined();
    expect(only(transfer("booked", { id: undefined })).objectVersion).toBeUndefined();
  });

  it.each([
    ["balancePlatform.accountHolder.updated", { accountHolder: { id: "AH1" } }, "AH1"],
    ["balancePlatform.balanceAccount.created", { balanceAccount: { id: "BA1", accountHolderId: "AH1" } }, "BA1"],
    ["merchant.updated", { merchantId: "ExampleECOM", status: "PreActive" }, "ExampleECOM"],
  ])("%s is about an account", (type, data, id) => {
    const event = only({ type, environment: "live", createdAt: "2026-11-21T07:00:00Z", data });
    expect(event).toMatchObject({ type: "account.updated", transactionId: `adyen:${id}` });
    expect(event).toMatchObject({ eventId: `adyen:${context.bodySha256}`, occurredAt: "2026-11-21T07:00:00.000Z" });
  });

  it("records test events without money, and everything that it doesn't know", () => {
    expect(only({ ...transfer("booked"), environment: "test" })).toMatchObject({ type: "other" });
    expect(only({ ...transfer("booked"), environment: "test" }).amountMinor).toBeUndefined();
    expect(only({ ...transfer("booked"), environment: "test" }, { testEvents: "route" }).type).toBe("payout.paid");
    expect(only({ type: "balancePlatform.report.created", data: { id: "report.csv" } })).toMatchObject({
      type: "other",
      transactionId: "adyen:report.csv",
    });
    expect(only({ type: "balancePlatform.transfer.updated", data: null }).type).toBe("other");
  });

  it("rule 10: a payout without an amount that can be read is unroutable", () => {
    expect(tierOf(only(transfer("booked", { amount: { currency: "EUR" } })))).toBe("unroutable");
  });

  it.each([null, "text", [], {}, { type: 7 }, { notificationItems: {} }])("refuses %p", (body) => {
    expect(translate(body)).toEqual([expect.objectContaining({ kind: "invalid", code: "not_an_adyen_webhook" })]);
  });
});
