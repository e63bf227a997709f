import fc from "fast-check";
import { type PaymentEvent, paymentEventTypes } from "../../../../config/events.ts";
import { scorecard } from "../../../../config/scorecard.ts";
import { type Histories, scoreOf } from "../../../../lambdas/shared/domain/scorecard.ts";
import { emptyHistory, type SubjectHistory, withPayment } from "../../../../lambdas/shared/domain/subject-history.ts";
import { aPaymentEvent } from "../../../support/payment-events.ts";

const nowMs = Date.UTC(2026, 10, 20, 10);

/** A history of payments, one a day unless said otherwise, the last of them just before now. */
function aHistory(count: number, usd: (index: number) => number = () => 100, stepMs = 86_400_000): SubjectHistory {
  const indexes = Array.from({ length: count }, (_, index) => index);
  return indexes.reduce((history, index) => {
    const atMs = nowMs - 1000 - (count - 1 - index) * stepMs;
    const event = aPaymentEvent({ routingAmountUsd: usd(index), occurredAt: new Date(atMs).toISOString() });
    return withPayment(history, event, nowMs);
  }, emptyHistory);
}

function reasonsOf(
  event: Partial<PaymentEvent>,
  histories: Histories = {},
): Record<string, { weight: number; detail: string }> {
  const { reasons } = scoreOf(aPaymentEvent(event), histories, scorecard, nowMs);
  return Object.fromEntries(reasons.map(({ code, weight, detail }) => [code, { weight, detail }]));
}

describe("the fraud score", () => {
  it("approves a usual payment of a known customer without any reason", () => {
    const score = scoreOf(aPaymentEvent({ routingAmountUsd: 101.5 }), { customer: aHistory(20) }, scorecard, nowMs);
    expect(score).toEqual({
      eventId: "stripe:evt_1",
      score: 0,
      decision: "APPROVE",
      reasons: [],
      modelVersion: scorecard.modelVersion,
    });
  });

  it("is between 0 and 1, is the sum of its reasons, and follows the cut-offs", () => {
    const events = fc.record({
      type: fc.constantFrom(...paymentEventTypes),
      routingAmountUsd: fc.integer({ min: 0, max: 2_000_000 }).map((cents) => cents / 100),
      amountMinor: fc.nat(3_000_000).map(String),
      currency: fc.constantFrom("USD", "EUR", "JPY"),
      signals: fc.record(
        {
          cardCountry: fc.constantFrom("US", "FR"),
          customerCountry: fc.constantFrom("US", "FR"),
          providerRiskScore: fc.integer({ min: 0, max: 100 }),
        },
        { requiredKeys: [] },
      ),
    });
    const histories = fc.record({ customer: fc.nat(70), card: fc.nat(70) });
    fc.assert(
      fc.property(events, histories, (event, { customer, card }) => {
        const before = { customer: aHistory(customer, () => 50, 60_000), card: aHistory(card, () => 50, 60_000) };
        const { score, decision, reasons } = scoreOf(aPaymentEvent(event), before, scorecard, nowMs);
        const sum = reasons.reduce((total, { weight }) => total + weight, 0);
        expect(score).toBeCloseTo(Math.min(1, sum), 10);
        expect(decision).toBe(score >= 0.8 ? "BLOCK" : score >= 0.5 ? "REVIEW" : "APPROVE");
        const weights = reasons.map(({ weight }) => weight);
        expect(weights).toEqual([...weights].sort((a, b) => b - a));
        expect(weights.every((weight) => weight > 0)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it("never exceeds 1, however much speaks against a payment", () => {
    const event = aPaymentEvent({
      routingAmountUsd: 9_500,
      signals: { providerRiskScore: 99, cardCountry: "FR", customerCountry: "US" },
    });
    const crowd = aHistory(80, () => 5, 30_000);
    const { score, decision } = scoreOf(event, { customer: crowd, card: crowd }, scorecard, nowMs);
    expect({ score, decision }).toEqual({ score: 1, decision: "BLOCK" });
  });

  it("meets a cut-off exactly although floats add up to less", () => {
    const event = aPaymentEvent({ signals: { providerRiskScore: 70, cardCountry: "FR", customerCountry: "US" } });
    const model = {
      ...scorecard,
      cutOffs: { review: 0.3, block: 0.8 },
      countryMismatch: 0.2,
      providerRisk: [{ from: 0, weight: 0.1 }],
    };
    expect(scoreOf(event, {}, model, nowMs)).toMatchObject({ score: 0.3, decision: "REVIEW" });
  });

  it.each([
    [4, undefined],
    [5, 0.1],
    [11, 0.25],
    [29, 0.45],
  ])("weighs the velocity of a customer after %s payments in the hour", (before, weight) => {
    const reasons = reasonsOf({}, { customer: aHistory(before, () => 100, 60_000) });
    expect(reasons["customer-velocity-1h"]?.weight).toBe(weight);
  });

  it("says how many payments there were and how they were counted", () => {
    const reasons = reasonsOf(
      {},
      { card: aHistory(9, () => 100, 60_000), customer: aHistory(30, () => 100, 1_800_000) },
    );
    expect(reasons["card-velocity-1h"]?.detail).toBe(
      "10 payments of this card within 1h (counted in steps of 5 minutes)",
    );
    expect(reasons["customer-velocity-24h"]?.detail).toBe(
      "31 payments of this customer within 24h (counted in steps of an hour)",
    );
  });

  it.each([
    [50, 0.05],
    [1_000, 0.15],
    [10_000, 0.25],
  ])("weighs the first payment of a customer by its amount: %s USD", (routingAmountUsd, weight) => {
    expect(reasonsOf({ routingAmountUsd }, { customer: emptyHistory })["new-customer"]?.weight).toBe(weight);
  });

  it("counts the payments before an event that claims a future time, as for one of now", () => {
    const crowd = { customer: aHistory(20, () => 100, 1000) };
    const reasons = reasonsOf({ occurredAt: new Date(nowMs).toISOString() }, crowd);
    expect(reasonsOf({ occurredAt: "2099-01-01T00:00:00.000Z" }, crowd)).toEqual(reasons);
    expect(Object.values(reasons)).toContainEqual(
      expect.objectContaining({ detail: expect.stringMatching(/^21 payments of this customer within 1h/) }),
    );
  });

  it("doesn't call a customer new whom the provider doesn't name", () => {
    expect(reasonsOf({})).toEqual({});
  });

  it("compares an amount with the customer's own, in deviations above the mean", () => {
    const customer = aHistory(10, (index) => (index % 2 === 0 ? 90 : 110));
    expect(reasonsOf({ routingAmountUsd: 129 }, { customer })["amount-deviation"]).toBeUndefined();
    expect(reasonsOf({ routingAmountUsd: 130 }, { customer })["amount-deviation"]?.weight).toBe(0.15);
    expect(reasonsOf({ routingAmountUsd: 160.5 }, { customer })["amount-deviation"]).toEqual({
      weight: 0.3,
      detail: "160.50 USD is 6.0 deviations of 10.00 USD above the customer's mean of 100.00 USD over 10 payments",
    });
  });

  it("compares with a share of the mean where all amounts were equal", () => {
    expect(reasonsOf({ routingAmountUsd: 129 }, { customer: aHistory(10) })["amount-deviation"]).toBeUndefined();
    expect(reasonsOf({ routingAmountUsd: 130 }, { customer: aHistory(10) })["amount-deviation"]?.weight).toBe(0.15);
  });

  it("draws no conclusion from fewer than five amounts, nor from amounts of nothing", () => {
    expect(reasonsOf({ routingAmountUsd: 500 }, { customer: aHistory(4) })["amount-deviation"]).toBeUndefined();
    const free = aHistory(10, () => 0);
    expect(reasonsOf({ routingAmountUsd: 500 }, { customer: free })["amount-deviation"]).toBeUndefined();
  });

  it("notices a currency that the customer has never used", () => {
    const reasons = reasonsOf({ currency: "GBP" }, { customer: aHistory(4) });
    expect(reasons["currency-mismatch"]).toEqual({
      weight: 0.1,
      detail: "GBP is new after 4 payments of this customer (so far: USD)",
    });
    expect(reasonsOf({ currency: "GBP" }, { customer: aHistory(2) })["currency-mismatch"]).toBeUndefined();
    expect(reasonsOf({ currency: "USD" }, { customer: aHistory(4) })["currency-mismatch"]).toBeUndefined();
  });

  it("notices a card from another country than the customer's", () => {
    expect(reasonsOf({ signals: { cardCountry: "FR", customerCountry: "US" } })["country-mismatch"]).toEqual({
      weight: 0.2,
      detail: "The card was issued in FR, the customer is in US",
    });
    expect(reasonsOf({ signals: { cardCountry: "FR", customerCountry: "FR" } })).toEqual({});
    expect(reasonsOf({ signals: { cardCountry: "FR" } })).toEqual({});
  });

  it.each([
    [0, undefined],
    [49, undefined],
    [50, 0.15],
    [65, 0.35],
    [75, 0.55],
    [90, 0.85],
    [100, 0.85],
  ])("weighs the provider's own risk score of %s", (providerRiskScore, weight) => {
    expect(reasonsOf({ signals: { providerRiskScore } })["provider-risk"]?.weight).toBe(weight);
  });

  it("notices round amounts, in minor units of whatever currency", () => {
    expect(reasonsOf({ amountMinor: "20000" })["round-amount"]?.weight).toBe(0.05);
    expect(reasonsOf({ amountMinor: "20000", currency: "JPY" })["round-amount"]?.detail).toContain("JPY");
    expect(reasonsOf({ amountMinor: "20001" })["round-amount"]).toBeUndefined();
    expect(reasonsOf({ amountMinor: "0" })["round-amount"]).toBeUndefined();
  });

  it.each([
    [899.99, false],
    [900, true],
    [999.99, true],
    [1_000, false],
    [8_999.99, false],
    [9_000, true],
    [10_000, true],
    [10_000.01, false],
  ])("rule 11: says of %s USD whether it lies just below a threshold", (routingAmountUsd, isBelow) => {
    expect("just-below-threshold" in reasonsOf({ routingAmountUsd })).toBe(isBelow);
  });

  it("compares no refund or payout with the payments of a customer", () => {
    const crowd = aHistory(80, () => 5, 30_000);
    expect(reasonsOf({ type: "refund.created", currency: "GBP" }, { customer: crowd, card: crowd })).toEqual({});
    expect(reasonsOf({ type: "refund.created" }, { customer: emptyHistory })).toEqual({});
  });

  it("rule 19: names no customer, card or transaction in its reasons", () => {
    const event = aPaymentEvent({
      customerId: "cus_secret",
      signals: { cardFingerprint: "card_secret", providerRiskScore: 95, cardCountry: "FR", customerCountry: "US" },
    });
    const { reasons } = scoreOf(event, { customer: aHistory(80), card: aHistory(80) }, scorecard, nowMs);
    expect(reasons.length).toBeGreaterThan(0);
    expect(JSON.stringify(reasons)).not.toMatch(/secret|pi_1|evt_1/);
  });
});

describe("the scorecard's data", () => {
  const stepLists = [
    ...scorecard.velocity.map(({ steps }) => steps),
    scorecard.amountDeviation.steps,
    scorecard.newCustomer,
    scorecard.providerRisk,
  ];

  it("has steps that ascend in measure and in weight, with weights of two decimals", () => {
    for (const steps of stepLists) {
      const [froms, weights] = [steps.map(({ from }) => from), steps.map(({ weight }) => weight)];
      expect(froms).toEqual([...froms].sort((a, b) => a - b));
      expect(weights).toEqual([...weights].sort((a, b) => a - b));
      for (const weight of weights) expect(Math.round(weight * 100) / 100).toBe(weight);
    }
  });

  it("has cut-offs in order, of which the upper can be reached by the provider's own score alone", () => {
    expect(scorecard.cutOffs.review).toBeLessThan(scorecard.cutOffs.block);
    expect(scorecard.providerRisk.at(-1)?.weight).toBeGreaterThanOrEqual(scorecard.cutOffs.block);
  });
});
