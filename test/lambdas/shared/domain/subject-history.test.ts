import { marshall } from "@aws-sdk/util-dynamodb";
import fc from "fast-check";
import {
  amountStatistics,
  emptyHistory,
  paymentsWithin,
  type SubjectHistory,
  type WindowName,
  windows,
  withPayment,
} from "../../../../lambdas/shared/domain/subject-history.ts";
import { aPaymentEvent, withoutAmount } from "../../../support/payment-events.ts";

const nowMs = Date.UTC(2026, 10, 20, 10);
const minuteMs = 60_000;

function paidAt(history: SubjectHistory, atMs: number, clockMs = atMs, currency = "USD"): SubjectHistory {
  const occurredAt = new Date(atMs).toISOString();
  return withPayment(history, aPaymentEvent({ occurredAt, currency }), clockMs);
}

/** Payments in the window that ends at a time, which is now unless said otherwise. */
function countAt(history: SubjectHistory, window: WindowName, atMs: number, clockMs = atMs): number {
  return paymentsWithin(history, window, { occurredAt: new Date(atMs).toISOString() }, clockMs);
}

describe("a subject's history", () => {
  it("finds exactly the payments of the window, give or take one slot", () => {
    const agesMinutes = fc.array(fc.integer({ min: 0, max: 26 * 60 }), { maxLength: 60 });
    fc.assert(
      fc.property(agesMinutes, fc.nat(600_000), (ages, offsetMs) => {
        const clockMs = nowMs + offsetMs;
        const history = ages.reduce((sum, age) => paidAt(sum, clockMs - age * minuteMs, clockMs), emptyHistory);
        for (const window of ["1h", "24h"] as const) {
          const { windowMs, slotMs } = windows[window];
          const within = (ms: number) => ages.filter((age) => age * minuteMs <= ms).length;
          const count = countAt(history, window, clockMs);
          expect(count).toBeGreaterThanOrEqual(within(windowMs));
          expect(count).toBeLessThanOrEqual(within(windowMs + slotMs));
        }
      }),
    );
  });

  it("counts a payment of the past in the past, however late it arrives", () => {
    const late = paidAt(paidAt(emptyHistory, nowMs), nowMs - 50 * minuteMs, nowMs);
    expect(countAt(late, "1h", nowMs)).toBe(2);
    expect(countAt(late, "1h", nowMs - 45 * minuteMs)).toBe(1);
  });

  it("takes a payment from the future for one of now, so that it can't push others out", () => {
    const history = paidAt(paidAt(emptyHistory, nowMs), Date.UTC(2099, 0, 1), nowMs);
    expect(countAt(history, "1h", nowMs)).toBe(2);
    expect(countAt(history, "24h", nowMs)).toBe(2);
  });

  it("finds for a payment from the future what it finds for one of now", () => {
    const history = paidAt(paidAt(emptyHistory, nowMs), Date.UTC(2099, 0, 1), nowMs);
    expect(countAt(history, "1h", Date.UTC(2099, 0, 1), nowMs)).toBe(2);
    expect(countAt(history, "24h", nowMs + 48 * 60 * minuteMs, nowMs)).toBe(2);
  });

  it("doesn't put a payment of long ago into any window, but counts it", () => {
    const history = paidAt(emptyHistory, nowMs - 40 * 24 * 60 * minuteMs, nowMs);
    expect(history.slots).toEqual({ "1h": {}, "24h": {} });
    expect(history.payments).toBe(1);
  });

  it("stays small whatever the subject does: below 2 KB after 20,000 payments in 140 currencies over a week", () => {
    let history = emptyHistory;
    for (let index = 0; index < 20_000; index += 1) {
      const currency = String.fromCharCode(65 + (index % 7), 65 + (index % 20), 65);
      history = paidAt(history, nowMs + index * 30_000, nowMs + index * 30_000, currency);
    }
    expect(history.payments).toBe(20_000);
    expect(Object.keys(history.currencies)).toHaveLength(12);
    expect(JSON.stringify(marshall(history)).length).toBeLessThan(2048);
  });

  it("keeps the currencies used most, and the one just used", () => {
    let history = emptyHistory;
    for (let index = 0; index < 11; index += 1) {
      const currency = String.fromCharCode(65 + index).repeat(3);
      history = paidAt(paidAt(history, nowMs, nowMs, currency), nowMs, nowMs, currency);
    }
    history = paidAt(paidAt(history, nowMs, nowMs, "YYY"), nowMs, nowMs, "ZZZ");
    expect(history.currencies).toMatchObject({ AAA: 2, KKK: 2, ZZZ: 1 });
    expect(history.currencies.YYY).toBeUndefined();
  });

  it("knows mean and deviation as exactly as a float can say them", () => {
    const amounts = fc.array(fc.integer({ min: 0, max: 1e11 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(amounts, (cents) => {
        const history = cents.reduce(
          (sum, amount) => withPayment(sum, aPaymentEvent({ routingAmountUsd: amount / 100 }), nowMs),
          emptyHistory,
        );
        const mean = cents.reduce((sum, amount) => sum + amount, 0) / cents.length;
        const variance = cents.reduce((sum, amount) => sum + (amount - mean) ** 2, 0) / cents.length;
        const statistics = amountStatistics(history);
        expect(statistics.mean).toBeCloseTo(mean, 3);
        expect(statistics.deviation).toBeCloseTo(Math.sqrt(variance), 1);
      }),
    );
  });

  it("leaves payments without a usable amount out of the mean", () => {
    const history = withPayment(emptyHistory, withoutAmount(aPaymentEvent()), nowMs);
    expect(history).toMatchObject({ payments: 1, amounts: { count: 0 } });
    expect(amountStatistics(history)).toEqual({ mean: 0, deviation: 0 });
  });
});
