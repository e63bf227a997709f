import type { PaymentEvent, PaymentEventType } from "../../../../../config/events.ts";
import { braintreeKinds } from "../../../../../lambdas/shared/providers/braintree/facts.ts";
import { translateBraintree } from "../../../../../lambdas/shared/providers/braintree/translate.ts";
import { readXml } from "../../../../../lambdas/shared/providers/braintree/xml.ts";
import { routingThresholdsUsd, tierOf } from "../../../../support/routing.ts";

const context = {
  provider: "braintree",
  receivedAt: "2026-11-21T08:00:00.500Z",
  correlationId: "c-1",
  bodySha256: "ab".repeat(32),
  routingThresholdsUsd,
} as const;
const payloadSha256 = "cd".repeat(32);

function translate(kind: string, subject: string, digest = payloadSha256) {
  const xml = `<notification><timestamp type="datetime">2026-11-21T07:59:50Z</timestamp><kind>${kind}</kind><subject>${subject}</subject></notification>`;
  const read = readXml(xml);
  if (read.kind === "invalid") throw new Error(read.message);
  const body = { ...(read.value as object), payloadSha256: digest };
  return translateBraintree({ body, headers: new Map() }, context)[0];
}

function eventOf(kind: string, subject: string, digest?: string): PaymentEvent {
  const item = translate(kind, subject, digest);
  if (item?.kind !== "event") throw new Error("not an event");
  return item.event;
}

/** Every amount in an object is another one, so that the right one is taken. */
const transaction = (changes: Readonly<Record<string, string>> = {}, more = "") => {
  const fields = {
    id: "ch7k2m9p",
    status: "settled",
    type: "sale",
    "currency-iso-code": "USD",
    amount: "101.01",
    "settlement-amount": "202.02",
    "tax-amount": "303.03",
    ...changes,
  };
  const text = Object.entries(fields).map(([name, value]) => (value === "" ? "" : `<${name}>${value}</${name}>`));
  return `<transaction>${text.join("")}${more}</transaction>`;
};
const refund = (changes: Readonly<Record<string, string>> = {}) =>
  transaction({ id: "re5t1u8v", type: "credit", "refunded-transaction-id": "ch7k2m9p", ...changes });
const dispute = (status: string, more = "") => `<dispute>
  <id>di3s9p4q</id><amount>250.00</amount><amount-disputed>240.40</amount-disputed><amount-won>0.00</amount-won>
  <currency-iso-code>EUR</currency-iso-code><kind>chargeback</kind><status>${status}</status><reason>fraud</reason>
  <transaction><id>ch7k2m9p</id><amount>260.60</amount></transaction>${more}</dispute>`;
const subscription = (...transactions: string[]) => `<subscription><id>su6b8s2c</id><price>49.99</price>
  <next-bill-amount>50.01</next-bill-amount><transactions type="array">${transactions.join("")}</transactions></subscription>`;
const disbursement = (more = "") => `<disbursement><id>db1r7s3t</id><amount>1234.50</amount>
  <transaction-ids type="array"><item>ch7k2m9p</item></transaction-ids><success type="boolean">true</success>
  <merchant-account><id>main</id><currency-iso-code>GBP</currency-iso-code></merchant-account>
  <disbursement-date type="date">2026-11-20</disbursement-date>${more}</disbursement>`;
const localPayment = (element: string, inner: string) =>
  `<${element}><payment-id>pay-1</payment-id>${inner}</${element}>`;

const money: readonly (readonly [string, string, PaymentEventType, string, string])[] = [
  ["transaction_settled", transaction(), "payment.succeeded", "10101", "ch7k2m9p"],
  ["transaction_settled", refund(), "refund.created", "10101", "ch7k2m9p"],
  ["transaction_disbursed", transaction(), "payment.succeeded", "10101", "ch7k2m9p"],
  ["transaction_disbursed", refund(), "refund.created", "10101", "ch7k2m9p"],
  [
    "transaction_settlement_declined",
    transaction({ status: "settlement_declined" }),
    "payment.failed",
    "10101",
    "ch7k2m9p",
  ],
  // Of a refund that was settled before, it takes the money back.
  ["transaction_settlement_declined", refund({ status: "settlement_declined" }), "other", "10101", "ch7k2m9p"],
  [
    "subscription_charged_successfully",
    subscription(transaction({ status: "submitted_for_settlement" })),
    "payment.succeeded",
    "10101",
    "ch7k2m9p",
  ],
  [
    "subscription_charged_unsuccessfully",
    subscription(transaction({ status: "processor_declined" })),
    "payment.failed",
    "10101",
    "ch7k2m9p",
  ],
  [
    "local_payment_completed",
    localPayment("local-payment", transaction({ status: "settling" })),
    "payment.succeeded",
    "10101",
    "ch7k2m9p",
  ],
  [
    "local_payment_funded",
    localPayment("local-payment-funded", transaction()),
    "payment.succeeded",
    "10101",
    "ch7k2m9p",
  ],
  ["dispute_opened", dispute("open"), "dispute.opened", "24040", "ch7k2m9p"],
  ["dispute_won", dispute("won"), "dispute.closed", "24040", "ch7k2m9p"],
  ["dispute_lost", dispute("lost"), "dispute.closed", "24040", "ch7k2m9p"],
  ["dispute_accepted", dispute("accepted"), "dispute.closed", "24040", "ch7k2m9p"],
  ["dispute_auto_accepted", dispute("auto_accepted"), "dispute.closed", "24040", "ch7k2m9p"],
  ["dispute_expired", dispute("expired"), "dispute.closed", "24040", "ch7k2m9p"],
  ["disbursement", disbursement(), "payout.paid", "123450", "db1r7s3t"],
  ["disbursement_exception", disbursement(), "payout.failed", "123450", "db1r7s3t"],
];

const withoutMoney: readonly (readonly [string, string, PaymentEventType, string])[] = [
  ["check", '<check type="boolean">true</check>', "other", payloadSha256],
  ["refund_failed", refund({ status: "processor_declined" }), "other", "ch7k2m9p"],
  ["transaction_retried", transaction({ status: "submitted_for_settlement" }), "other", "ch7k2m9p"],
  [
    "transaction_reviewed",
    "<transaction-review><transaction-id>ch7k2m9p</transaction-id><decision>approved</decision></transaction-review>",
    "other",
    "ch7k2m9p",
  ],
  ["dispute_disputed", dispute("disputed"), "other", "ch7k2m9p"],
  ["dispute_under_review", dispute("under_review"), "other", "ch7k2m9p"],
  [
    "local_payment_completed",
    localPayment("local-payment", transaction({ status: "authorizing" })),
    "other",
    "ch7k2m9p",
  ],
  ["local_payment_completed", localPayment("local-payment", ""), "other", "pay-1"],
  ["local_payment_reversed", localPayment("local-payment-reversed", ""), "other", "pay-1"],
  ["local_payment_expired", localPayment("local-payment-expired", ""), "other", "pay-1"],
  ["subscription_went_past_due", subscription(), "other", "su6b8s2c"],
  ["subscription_billing_skipped", subscription(), "other", "su6b8s2c"],
  [
    "sub_merchant_account_approved",
    "<merchant-account><id>shop-1</id></merchant-account>",
    "account.updated",
    "shop-1",
  ],
  [
    "sub_merchant_account_declined",
    "<api-error-response><merchant-account><id>shop-1</id></merchant-account><message>no</message></api-error-response>",
    "account.updated",
    "shop-1",
  ],
  [
    "connected_merchant_status_transitioned",
    "<connected-merchant-status-transitioned><merchant-public-id>m-1</merchant-public-id></connected-merchant-status-transitioned>",
    "account.updated",
    "m-1",
  ],
  [
    "connected_merchant_paypal_status_changed",
    "<connected-merchant-paypal-status-changed><merchant-public-id>m-1</merchant-public-id></connected-merchant-paypal-status-changed>",
    "account.updated",
    "m-1",
  ],
  [
    "partner_merchant_declined",
    "<partner-merchant><partner-merchant-id>p-1</partner-merchant-id></partner-merchant>",
    "account.updated",
    "p-1",
  ],
  [
    "oauth_access_revoked",
    "<oauth-application-revocation><merchant-id>m-2</merchant-id></oauth-application-revocation>",
    "account.updated",
    "m-2",
  ],
  ["account_updater_daily_report", "<account-updater-daily-report/>", "other", payloadSha256],
  ["grantor_updated_granted_payment_method", "<granted-payment-instrument-update/>", "other", payloadSha256],
  ["a_kind_of_the_future", "<something><amount>5.00</amount></something>", "other", payloadSha256],
];

describe("translateBraintree", () => {
  it("translates a settled sale, with all that it tells", () => {
    const more = `<customer><id>cus-42</id></customer><billing><country-code-alpha2>DE</country-code-alpha2></billing>
      <credit-card><unique-number-identifier>f00dfeed</unique-number-identifier><country-of-issuance>USA</country-of-issuance></credit-card>
      <risk-data><transaction-risk-score>42</transaction-risk-score></risk-data>`;
    expect(eventOf("transaction_settled", transaction({}, more))).toEqual({
      eventId: `braintree:${payloadSha256}`,
      transactionId: "braintree:ch7k2m9p",
      provider: "braintree",
      type: "payment.succeeded",
      providerType: "transaction_settled",
      objectVersion: expect.stringMatching(/^fact:[0-9a-f]{64}$/),
      contentDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
      amountMinor: "10101",
      currency: "USD",
      routingAmountUsd: 101.01,
      fxDate: "2026-11-20",
      signals: { cardFingerprint: "f00dfeed", customerCountry: "DE", providerRiskScore: 42 },
      customerId: "cus-42",
      occurredAt: "2026-11-21T07:59:50.000Z",
      receivedAt: context.receivedAt,
      correlationId: "c-1",
    });
  });

  it("has a row here for every kind that moves money", () => {
    expect(new Set(money.map(([kind]) => kind))).toEqual(new Set(braintreeKinds));
  });

  it.each(money)("rule 10: %s of %p is %s of its own amount", (kind, subject, type, amountMinor, object) => {
    const transactionId = `braintree:${object}`;
    expect(eventOf(kind, subject)).toMatchObject({ type, amountMinor, transactionId, providerType: kind });
    expect(tierOf(eventOf(kind, subject))).not.toBe("unroutable");
  });

  it.each(withoutMoney)("%s of %p moves no money", (kind, subject, type, object) => {
    const event = eventOf(kind, subject);
    expect(event).toMatchObject({ type, transactionId: `braintree:${object}`, providerType: kind });
    expect([tierOf(event), event.objectVersion]).toEqual(["unrouted", undefined]);
  });

  it.each(money)("rule 10: %s with nothing in it is unroutable, or nothing", (kind, _, type) => {
    const event = eventOf(kind, "");
    const isLocal = kind.startsWith("local_payment");
    expect(tierOf(event)).toBe(isLocal ? "unrouted" : "unroutable");
    expect(event.objectVersion).toBeUndefined();
    // Without its type, nobody can tell a refund.
    const isOfSale = type !== "refund.created" && type !== "other";
    if (!isLocal && isOfSale) expect(event.type).toBe(type);
  });

  it.each([
    ["JPY", "5000", "5000"],
    ["JPY", "5000.00", "5000"],
    ["KWD", "1.234", "1234"],
    ["HUF", "1500.00", "150000"],
    ["usd", "0.01", "1"],
    ["USD", "9007199254740993.01", "900719925474099301"],
  ])("rule 10: reads %s %s exactly", (currency, amount, amountMinor) => {
    expect(eventOf("transaction_settled", transaction({ "currency-iso-code": currency, amount }))).toMatchObject({
      amountMinor,
      currency: currency.toUpperCase(),
    });
  });

  it.each([
    ["USD", "1.005", "amount_inexact"],
    ["JPY", "50.5", "amount_inexact"],
    ["USD", "1,234.00", "amount_malformed"],
    ["USD", "NaN", "amount_malformed"],
    ["USD", "9".repeat(40), "amount_too_large"],
    ["USD", "-5.00", "amount_negative"],
    ["USD", "", "amount_missing"],
    ["XXX", "5.00", "currency_unknown"],
    ["", "5.00", "currency_unknown"],
  ])("rule 10: %s %s is unroutable as %s", (currency, amount, amountProblem) => {
    const event = eventOf("transaction_settled", transaction({ "currency-iso-code": currency, amount }));
    expect(event).toMatchObject({ type: "payment.succeeded", amountProblem });
    expect(tierOf(event)).toBe("unroutable");
  });

  it.each([
    ["transaction_settled", transaction({ type: "" }), "object_unexpected"],
    ["transaction_settled", transaction({ type: "loan" }), "object_unexpected"],
    ["transaction_settled", transaction({ status: "voided" }), "status_contradicts"],
    ["transaction_settlement_declined", transaction(), "status_contradicts"],
    ["subscription_charged_successfully", subscription(transaction({ status: "failed" })), "status_contradicts"],
    ["subscription_charged_unsuccessfully", subscription(transaction()), "status_contradicts"],
  ])("rule 10: %s of %p waits for a person as %s", (kind, subject, amountProblem) => {
    expect(eventOf(kind, subject)).toMatchObject({ amountProblem });
    expect(tierOf(eventOf(kind, subject))).toBe("unroutable");
  });

  it("takes the newest of a subscription's charges, wherever it stands, and the first where none has a time", () => {
    const charge = (id: string, createdAt: string) => transaction({ id, "created-at": createdAt });
    const newestOf = (...charges: string[]) =>
      eventOf("subscription_charged_successfully", subscription(...charges)).transactionId;
    const [old, late] = [charge("old00000", "2026-10-21T00:00:00Z"), charge("late0000", "2026-11-21T00:00:00Z")];
    expect([newestOf(late, old), newestOf(old, late)]).toEqual(["braintree:late0000", "braintree:late0000"]);
    expect(newestOf(transaction({ id: "first000" }), transaction())).toBe("braintree:first000");
    expect(eventOf("subscription_charged_successfully", subscription(transaction({ type: "" })))).toMatchObject({
      type: "payment.succeeded",
      amountMinor: "10101",
    });
  });

  it("tells money that Braintree takes back from money that it pays", () => {
    const debit = disbursement("<disbursement-type>debit</disbursement-type>");
    expect(eventOf("disbursement", debit)).toMatchObject({ type: "payout.paid", amountMinor: "-123450" });
    const credit = disbursement("<disbursement-type>credit</disbursement-type>");
    expect(eventOf("disbursement", credit)).toMatchObject({ amountMinor: "123450" });
    const failed = disbursement().replace("true", "false");
    expect(eventOf("disbursement", failed)).toMatchObject({ type: "payout.failed", amountMinor: "123450" });
  });

  it("rule 5: one transaction is one fact, whichever kinds tell of it; another one isn't, nor another amount", () => {
    const versionOf = (kind: string, subject: string) => {
      const { type, objectVersion } = eventOf(kind, subject, "ee".repeat(32));
      return `${type} ${objectVersion}`;
    };
    const paid = versionOf("transaction_settled", transaction());
    expect(versionOf("transaction_disbursed", transaction({ status: "settling" }))).toBe(paid);
    expect(versionOf("subscription_charged_successfully", subscription(transaction()))).toBe(paid);
    expect(versionOf("transaction_settled", transaction({ amount: "101.010" }))).toBe(paid);
    expect(versionOf("transaction_settled", transaction({ id: "another0" }))).not.toBe(paid);
    expect(versionOf("transaction_settled", transaction({ amount: "101.02" }))).not.toBe(paid);
    expect(versionOf("transaction_settled", refund({ id: "re000001" }))).not.toBe(
      versionOf("transaction_settled", refund({ id: "re000002" })),
    );
    expect(versionOf("dispute_won", dispute("won"))).not.toBe(versionOf("dispute_lost", dispute("lost")));
    const exception = (date: string) => versionOf("disbursement_exception", disbursement().replace("2026-11-20", date));
    expect(exception("2026-11-21")).not.toBe(exception("2026-11-20"));
  });

  it("rule 9: is one event as long as the payload is, and takes the body's digest where there is none", () => {
    expect(eventOf("check", "", "aa".repeat(32)).eventId).toBe(`braintree:${"aa".repeat(32)}`);
    expect(eventOf("check", "", "aa".repeat(32)).contentDigest).not.toBe(eventOf("check", "").contentDigest);
  });

  it.each([
    undefined,
    null,
    "text",
    {},
    { notification: null },
    { notification: { kind: ["check", "check"] } },
    { other: {} },
  ])("rule 4: refuses %p, which is no notification", (body) => {
    const [item] = translateBraintree({ body, headers: new Map() }, context);
    expect(item).toMatchObject({ kind: "invalid", code: "not_a_notification" });
  });
});
