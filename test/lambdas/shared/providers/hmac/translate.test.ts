import fc from "fast-check";
import { paymentEventTypes } from "../../../../../config/events.ts";
import { parseExactJson } from "../../../../../lambdas/shared/domain/exact-json.ts";
import { routingThresholdsUsd, tierOf } from "../../../../support/routing.ts";
import { opened } from "../samples.ts";

const context = {
  provider: "hmac",
  receivedAt: "2026-11-21T08:00:00.500Z",
  correlationId: "c-1",
  bodySha256: "ab".repeat(32),
  routingThresholdsUsd,
} as const;

const provider = opened("hmac", { secrets: ["s"] });

/** Translates the text of a body, so that numbers take the way they take in the function. */
function translate(text: string, headers: Record<string, string> = {}) {
  const parsed = parseExactJson(Buffer.from(text));
  if (parsed.kind === "invalid") throw new Error(parsed.message);
  return provider.translate({ body: parsed.value, headers: new Map(Object.entries(headers)) }, context);
}

function eventOf(text: string, headers?: Record<string, string>) {
  const [item] = translate(text, headers);
  if (item?.kind !== "event") throw new Error("not an event");
  return item.event;
}

const notification = (amount: string, currency = '"USD"') =>
  `{"transaction_id":"txn_1","amount":${amount},"currency":${currency}}`;

describe("translateHmac", () => {
  it("rule 10: translates the seed's notification, whose amount is in major units", () => {
    const text = `{"transaction_id":"txn_123456","amount":15000,"currency":"USD","provider":"stripe",
      "customer_id":"cust_789","metadata":{"order_id":"order_123"}}`;
    const event = eventOf(text, { "x-webhook-id": "n-1" });
    expect(event).toEqual({
      eventId: "hmac:n-1",
      transactionId: "hmac:txn_123456",
      provider: "hmac",
      type: "payment.succeeded",
      providerType: "transaction.notification",
      contentDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
      amountMinor: "1500000",
      currency: "USD",
      routingAmountUsd: 15_000,
      fxDate: "2026-11-20",
      signals: {},
      customerId: "cust_789",
      occurredAt: context.receivedAt,
      receivedAt: context.receivedAt,
      correlationId: "c-1",
    });
    expect(tierOf(event)).toBe("high");
  });

  it.each([
    ["999.99", "low"],
    ["1000", "medium"],
    ['"1000.00"', "medium"],
    ["10000.00", "medium"],
    ["10000.01", "high"],
    ["9999999999999999.99", "high"],
    ["1e3", "medium"],
    ["1e400", "unroutable"],
    ["10.001", "unroutable"],
    ["null", "unroutable"],
    ['"lots"', "unroutable"],
    ["[1]", "unroutable"],
  ])("rule 11: an amount of %s goes to the %s tier", (amount, tier) => {
    expect(tierOf(eventOf(notification(amount)))).toBe(tier);
  });

  it("rule 10: an unknown currency is accepted and goes to unroutable", () => {
    for (const currency of ['"XXX"', '"dollars"', "null", "5"]) {
      expect(tierOf(eventOf(notification("5", currency)))).toBe("unroutable");
    }
  });

  it("takes the sender's type and time where it states them", () => {
    const stated = `{"transaction_id":"t","type":"refund.created","occurred_at":"2026-11-20T10:00:00Z","amount":1,"currency":"EUR"}`;
    expect(eventOf(stated)).toMatchObject({ type: "refund.created", occurredAt: "2026-11-20T10:00:00.000Z" });
    expect(eventOf('{"transaction_id":"t","type":"loyalty.points"}')).toMatchObject({
      type: "other",
      providerType: "loyalty.points",
    });
  });

  it("rule 10: reads the amount from the field of that name and no other", () => {
    const others = `"amount_minor":1,"amount_refunded":"2.02","fee":"3.03","net":"4.04","total":"5.05"`;
    const text = `{"transaction_id":"t",${others},"amount":"6.06","currency":"USD","metadata":{"amount":7}}`;
    for (const type of paymentEventTypes) {
      expect(eventOf(text.replace("{", `{"type":"${type}",`))).toMatchObject({ type, amountMinor: "606" });
    }
  });

  it("rule 5: has a version only where the sender gives no id and the item says when it happened", () => {
    const dated = notification("5").replace("}", `,"occurred_at":"2026-11-20T10:00:00Z"}`);
    const versionOf = (text: string, id?: string) =>
      eventOf(text, id === undefined ? {} : { "x-webhook-id": id }).objectVersion;
    expect(versionOf(dated)).toMatch(/^[0-9a-f]{64}$/);
    expect(versionOf(dated.replaceAll(",", ", "))).toBe(versionOf(dated));
    expect(versionOf(dated.replace("10:00", "11:00"))).not.toBe(versionOf(dated));
    expect(versionOf(dated, "")).toBe(versionOf(dated));
    expect([versionOf(dated, "n-1"), versionOf(notification("5")), versionOf(notification("5"), "n-1")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(versionOf(dated.replace("2026-11-20T10:00:00Z", "yesterday"))).toBeUndefined();
  });

  it("rule 6: without an id of the sender, the body's hash is the id", () => {
    expect(eventOf(notification("5")).eventId).toBe(`hmac:${context.bodySha256}`);
  });

  it("rule 6: a good item of a batch is never lost to a bad neighbour", () => {
    const good = fc
      .nat(1_000)
      .map((n) => ({ isGood: true, text: `{"transaction_id":"t${n}","amount":${n},"currency":"USD"}` }));
    const bad = fc
      .constantFrom("null", "5", "[]", "{}", '{"transaction_id":""}', '{"transaction_id":null}')
      .map((text) => ({ isGood: false, text }));
    fc.assert(
      fc.property(fc.array(fc.oneof(good, bad), { maxLength: 20 }), fc.boolean(), (items, hasId) => {
        const text = `[${items.map((item) => item.text).join(",")}]`;
        const translations = translate(text, hasId ? { "x-webhook-id": "n-1" } : {});
        expect(translations.map(({ kind }) => kind === "event")).toEqual(items.map(({ isGood }) => isGood));
        const events = translations.flatMap((item) => (item.kind === "event" ? [item.event] : []));
        const distinct = hasId
          ? events.length
          : new Set(items.filter(({ isGood }) => isGood).map((item) => item.text)).size;
        expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(distinct);
      }),
    );
  });

  it.each([["5"], ['"text"'], ["{}"], ['{"transaction_id":["a"]}'], ['{"transaction_id":"\\u0000"}']])(
    "rule 4: %s is no notification",
    (text) => {
      expect(translate(text)).toMatchObject([{ kind: "invalid" }]);
    },
  );
});
