import fc from "fast-check";
import { minorUnitExponents } from "../../../../config/money.ts";
import { NumberText } from "../../../../lambdas/shared/domain/exact-json.ts";
import { fromMajorUnits, fromMinorUnits, parseDecimal } from "../../../../lambdas/shared/domain/money.ts";

const exact = (amountMinor: string, currency: string) => ({ kind: "exact", amountMinor, currency });
const unusable = (reason: string) => ({ kind: "unusable", reason });

describe("amounts in major units", () => {
  it.each([
    [15000, "USD", "1500000"],
    ["15000", "usd", "1500000"],
    ["12.34", "USD", "1234"],
    [12.34, "USD", "1234"],
    [0.07, "EUR", "7"],
    [1.1, "USD", "110"],
    ["-5.5", "GBP", "-550"],
    ["0", "USD", "0"],
    ["-0.00", "USD", "0"],
    ["1000", "JPY", "1000"],
    ["1000.00", "JPY", "1000"],
    ["1.234", "KWD", "1234"],
    ["12.3400", "USD", "1234"],
    ["1.5e4", "USD", "1500000"],
    ["1e3", "USD", "100000"],
    [new NumberText("90071992547409931.01"), "USD", "9007199254740993101"],
    [new NumberText("0.10000000000000000000"), "USD", "10"],
  ])("rule 10: reads %p %s exactly", (amount, currency, amountMinor) => {
    expect(fromMajorUnits(amount, currency)).toEqual(exact(amountMinor, currency.toUpperCase()));
  });

  it.each([
    ["12.345", "USD", "amount_inexact"],
    ["0.5", "JPY", "amount_inexact"],
    [0.1 + 0.2, "USD", "amount_inexact"],
    ["1e-3", "USD", "amount_inexact"],
    ["1e31", "USD", "amount_malformed"],
    ["1e999999999", "USD", "amount_malformed"],
    [Number.POSITIVE_INFINITY, "USD", "amount_malformed"],
    [Number.NaN, "USD", "amount_malformed"],
    ["9".repeat(29), "USD", "amount_too_large"],
    ["1,000.00", "USD", "amount_malformed"],
    ["007", "USD", "amount_malformed"],
    [".5", "USD", "amount_malformed"],
    ["+5", "USD", "amount_malformed"],
    ["0x10", "USD", "amount_malformed"],
    [" 5", "USD", "amount_malformed"],
    ["", "USD", "amount_malformed"],
    [null, "USD", "amount_malformed"],
    [{}, "USD", "amount_malformed"],
    [5, "XXX", "currency_unknown"],
    [5, "usdollar", "currency_unknown"],
    [5, "u\u017Fd", "currency_unknown"],
    [5, "\u0131ls", "currency_unknown"],
    [5, undefined, "currency_unknown"],
  ])("rule 10: never guesses what %p %p may mean", (amount, currency, reason) => {
    expect(fromMajorUnits(amount, currency)).toEqual(unusable(reason));
  });

  it("rule 10: is exact for every amount of every currency", () => {
    const currencies = fc.constantFrom(...minorUnitExponents.keys());
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }), currencies, (minor, currency) => {
        const exponent = minorUnitExponents.get(currency) ?? 0;
        const digits = (minor < 0n ? -minor : minor).toString().padStart(exponent + 1, "0");
        const fraction = exponent === 0 ? "" : `.${digits.slice(-exponent)}`;
        const text = `${minor < 0n ? "-" : ""}${digits.slice(0, digits.length - exponent)}${fraction}`;
        expect(fromMajorUnits(text, currency)).toEqual(exact(minor.toString(), currency));
        expect(fromMinorUnits(minor.toString(), currency)).toEqual(exact(minor.toString(), currency));
      }),
    );
  });
});

describe("amounts in minor units", () => {
  it.each([
    [1099, "eur", "1099"],
    ["1099", "EUR", "1099"],
    [new NumberText("123456789012345678901"), "USD", "123456789012345678901"],
  ])("rule 10: takes %p %s as it is", (amount, currency, amountMinor) => {
    expect(fromMinorUnits(amount, currency)).toEqual(exact(amountMinor, currency.toUpperCase()));
  });

  it.each([[10.5], ["10.50"], ["ten"], [true]])("rule 10: refuses %p, no integer", (amount) => {
    expect(fromMinorUnits(amount, "USD")).toEqual(unusable("amount_malformed"));
  });

  it("rule 10: converts a provider's own exponent to ISO's, exactly or not at all", () => {
    const overrides = new Map([
      ["UGX", 2],
      ["MGA", 0],
    ]);
    expect(fromMinorUnits(500, "UGX", overrides)).toEqual(exact("5", "UGX"));
    expect(fromMinorUnits(550, "UGX", overrides)).toEqual(unusable("amount_inexact"));
    expect(fromMinorUnits(5, "MGA", overrides)).toEqual(exact("500", "MGA"));
  });
});

describe("parseDecimal", () => {
  it("doesn't spend time or memory on monstrous numbers", () => {
    expect(parseDecimal(`1e${"9".repeat(50)}`)).toBeUndefined();
    expect(parseDecimal("9".repeat(1_000_000))).toBeUndefined();
  });
});
