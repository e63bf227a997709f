import fc from "fast-check";
import { type PaymentEventType, paymentEventTypes } from "../../../../config/events.ts";
import { fx } from "../../../../config/fx.ts";
import { limits } from "../../../../config/limits.ts";
import { minorUnitExponents } from "../../../../config/money.ts";
import { areRatesStale, createTierOf, routingAmountOf } from "../../../../lambdas/shared/domain/routing.ts";
import { routingThresholdsUsd, tierOf } from "../../../support/routing.ts";

const routed = (amountMinor: string, currency: string) => routingAmountOf(amountMinor, currency, routingThresholdsUsd);
const usd = (amountMinor: string, currency = "USD") => routed(amountMinor, currency)?.routingAmountUsd;

const tierOfAmount = (amountMinor: string, currency: string) =>
  tierOf({ type: "payment.succeeded", amountMinor, currency, ...routed(amountMinor, currency) });

describe("the routing amount", () => {
  it.each([
    ["99999", 999.99, "low"],
    ["100000", 1000, "medium"],
    ["100001", 1000.01, "medium"],
    ["1000000", 10_000, "medium"],
    ["1000001", 10_000.01, "high"],
    ["-1000001", 10_000.01, "high"],
    ["0", 0, "low"],
  ])("rule 11: %s cents are %d USD and go to the %s tier", (amountMinor, amount, tier) => {
    expect(usd(amountMinor)).toBe(amount);
    expect(tierOfAmount(amountMinor, "USD")).toBe(tier);
  });

  it("rule 11: is capped below what EventBridge compares", () => {
    expect(usd("9".repeat(30))).toBe(limits.routingAmountUsdCap);
  });

  it("rule 11: rounding never carries an amount of any currency over a threshold", () => {
    const currencies = Object.keys(fx.usdPerUnit);
    fc.assert(
      fc.property(
        fc.constantFrom(...currencies),
        fc.constantFrom(1_000, 10_000),
        fc.integer({ min: -3, max: 3 }),
        (currency, threshold, offset) => {
          const rate = fx.usdPerUnit[currency] ?? 0;
          const scale = 10 ** (minorUnitExponents.get(currency) ?? 0);
          const minor = BigInt(Math.round((threshold / rate) * scale) + offset);
          // Independent of the code under test: rates have at most 6 decimals, so everything is an integer in 10^-10 USD.
          const exactScaled = minor * BigInt(Math.round(rate * 1e6)) * BigInt(10_000 / scale);
          const thresholdScaled = BigInt(threshold) * 10n ** 10n;
          const amount = usd(minor.toString(), currency) ?? Number.NaN;
          const belongs = threshold === 1_000 ? exactScaled >= thresholdScaled : exactScaled > thresholdScaled;
          expect(threshold === 1_000 ? amount >= 1_000 : amount > 10_000).toBe(belongs);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it("rule 11: has at most two decimals, so that EventBridge compares what we computed", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(fx.usdPerUnit)),
        fc.bigInt({ min: 0n, max: 10n ** 12n }),
        (currency, minor) => {
          expect(String(usd(minor.toString(), currency))).toMatch(/^\d+(\.\d{1,2})?$/);
        },
      ),
    );
  });

  it("carries the date of its rate", () => {
    expect(routed("100", "JPY")).toEqual({ routingAmountUsd: 0.66, fxDate: fx.date });
  });

  it("rule 10: is absent without a rate", () => {
    expect(routed("100", "XAF")).toBeUndefined();
    expect(routed("100", "__proto__")).toBeUndefined();
  });
});

describe("other thresholds", () => {
  const thresholds = { mediumFrom: 50.5, highAbove: 99.99 };
  const routedBy = (amountMinor: string, currency: string) => routingAmountOf(amountMinor, currency, thresholds);
  const tierBy = createTierOf(thresholds);

  it.each([
    ["5049", "low"],
    ["5050", "medium"],
    ["9999", "medium"],
    ["10000", "high"],
  ])("rule 11: %s cents go to the %s tier", (amountMinor, tier) => {
    const event = { type: "payment.succeeded", amountMinor, currency: "USD" } as const;
    expect(tierBy({ ...event, ...routedBy(amountMinor, "USD") })).toBe(tier);
  });

  it("rule 11: round up from their own high end on", () => {
    const rate = fx.usdPerUnit.KWD ?? Number.NaN;
    const minor = Math.ceil((99.99 / rate) * 1000);
    expect(routedBy(String(minor), "KWD")?.routingAmountUsd).toBeGreaterThan(99.99);
    expect(routedBy(String(minor - 1), "KWD")?.routingAmountUsd).toBeLessThanOrEqual(99.99);
  });
});

describe("the exchange table", () => {
  const dayMs = 24 * 60 * 60 * 1000;
  const lastGoodMs = Date.parse(fx.date) + fx.staleAfterDays * dayMs;

  it("has a date, from which on it is good", () => {
    expect(fx.date).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(areRatesStale(Date.parse(fx.date))).toBe(false);
  });

  it("is stale when it is older than its days", () => {
    expect([lastGoodMs, lastGoodMs + 1].map(areRatesStale)).toEqual([false, true]);
  });
});

describe("tiers", () => {
  const tier = (type: PaymentEventType, facts = {}) => tierOf({ type, ...facts });

  it("rule 10: money without a routing amount is unroutable", () => {
    expect(tier("payment.succeeded")).toBe("unroutable");
    expect(tier("payment.succeeded", { amountMinor: "100", currency: "XAF" })).toBe("unroutable");
    expect(tier("other", { amountMinor: "100", currency: "XAF" })).toBe("unroutable");
  });

  it("no money at all is unrouted", () => {
    expect(tier("other")).toBe("unrouted");
    expect(tier("account.updated")).toBe("unrouted");
  });

  it("rule 11: exactly one rule of the bus holds for whatever is put on it", () => {
    const amounts = fc.option(fc.double({ min: 0, max: 1e9, noNaN: true }), { nil: undefined });
    fc.assert(
      fc.property(fc.constantFrom(...paymentEventTypes), amounts, (type, amount) => {
        const rules = {
          high: amount !== undefined && amount > 10_000,
          medium: amount !== undefined && amount >= 1_000 && amount <= 10_000,
          low: amount !== undefined && amount < 1_000,
          unroutable: amount === undefined,
        };
        const event = amount === undefined ? { type, amountMinor: "1" } : { type, routingAmountUsd: amount };
        const holding = Object.entries(rules).filter(([, holds]) => holds);
        expect(holding.map(([name]) => name)).toEqual([tierOf(event)]);
      }),
    );
  });
});
