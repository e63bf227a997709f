import * as fc from "fast-check";
import { minorUnitExponents } from "../../../../config/money.ts";
import { fromMajorUnits } from "../../../../lambdas/shared/domain/money.ts";
import { amountText, majorUnits } from "../../../../lambdas/shared/report/amount.ts";
import { durationText, secondsSince, timeText } from "../../../../lambdas/shared/report/time.ts";
import { listLines, printable, tableLines, wrapped } from "../../../../tools/commands/text/table.ts";

describe("amounts", () => {
  it.each([
    ["1234567", "USD", "12,345.67 USD"],
    ["5", "USD", "0.05 USD"],
    ["-5", "USD", "-0.05 USD"],
    ["-123456", "EUR", "-1,234.56 EUR"],
    ["1000", "JPY", "1,000 JPY"],
    ["0", "JPY", "0 JPY"],
    ["1", "KWD", "0.001 KWD"],
    ["123", "QQQ", "123 minor units of QQQ"],
    [undefined, "USD", "no amount"],
  ])("of %s minor units in %s are %s", (amountMinor, currency, text) => {
    expect(amountText(amountMinor, currency)).toBe(text);
  });

  it("rule 10: in major units are the same money again, whatever their size", () => {
    const currency = fc.constantFrom(...minorUnitExponents.keys());
    const amount = fc.bigInt({ min: -(10n ** 29n), max: 10n ** 29n }).map(String);
    fc.assert(
      fc.property(amount, currency, (amountMinor, code) => {
        expect(fromMajorUnits(majorUnits(amountMinor, code), code)).toEqual({
          kind: "exact",
          amountMinor,
          currency: code,
        });
      }),
    );
  });
});

describe("times", () => {
  it.each([
    [0, "0 s"],
    [59, "59 s"],
    [60, "1 min"],
    [3_599, "59 min"],
    [11_100, "3 h 5 min"],
    [190_000, "2 d 4 h"],
  ])("%d seconds are %s", (seconds, text) => {
    expect(durationText(seconds)).toBe(text);
  });

  it("counts no time before it began", () => {
    expect(secondsSince("2026-11-20T08:00:00.000Z", Date.UTC(2026, 10, 20, 7))).toBe(0);
    expect(secondsSince("2026-11-20T08:00:00.000Z", Date.UTC(2026, 10, 20, 8, 0, 1, 999))).toBe(1);
  });

  it("says UTC", () => {
    expect(timeText("2026-11-20T08:00:01.123Z")).toBe("2026-11-20 08:00:01 UTC");
    expect(timeText("yesterday")).toBe("yesterday");
  });
});

describe("tables", () => {
  it("align their columns", () => {
    const columns = [{ title: "EVENT" }, { title: "AMOUNT", align: "right" }] as const;
    expect(
      tableLines(columns, [
        ["a", "1,000.00 USD"],
        ["stripe:evt_1", "1 JPY"],
      ]),
    ).toEqual(["EVENT               AMOUNT", "a             1,000.00 USD", "stripe:evt_1         1 JPY"]);
  });

  it("leave out what a list doesn't know", () => {
    expect(
      listLines([
        ["Tier", "high"],
        ["Customer", undefined],
        ["Type", "other"],
      ]),
    ).toEqual(["Tier  high", "Type  other"]);
  });

  it("wrap between words, indented", () => {
    expect(wrapped("0.60 The provider is wary", { indent: "  ", width: 18 })).toEqual([
      "  0.60 The",
      "    provider is",
      "    wary",
    ]);
  });

  it("never hand a terminal what it would obey", () => {
    expect(printable("evt\u001b[31m\u202e\n1")).toBe("evt?[31m??1");
    expect(tableLines([{ title: "T" }], [["\u0007x"]])[1]).toBe("?x");
  });
});
