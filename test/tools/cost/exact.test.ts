import fc from "fast-check";
import { Exact } from "../../../tools/cost/exact.ts";

const numbers = fc.tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: 0, max: 12 }));
const exact = numbers.map(([digits, places]) => Exact.of(`${digits}e-${places}`));

describe("an exact number", () => {
  it.each([
    ["10e6", "10000000"],
    ["2.5E-3", "0"],
    [1e-7, "0"],
    [0.1, "0"],
    ["-7", "-7"],
  ])("is made of %s", (text, whole) => {
    expect(Exact.of(text).toFixed(0)).toBe(whole);
  });

  it.each(["", "1,000", "0x10", "1.", ".5", "NaN", "1e", "--1"])("isn't made of %j", (text) => {
    expect(() => Exact.of(text)).toThrow("is no decimal number");
  });

  it("adds tenths without a remainder", () => {
    expect(Exact.of(0.1).plus(Exact.of(0.2)).minus(Exact.of(0.3)).isZero()).toBe(true);
  });

  it.each([
    ["1.005", 2, "1.01"],
    ["-1.005", 2, "-1.01"],
    ["0.004", 2, "0.00"],
    ["-0.004", 2, "0.00"],
    ["999.999", 0, "1000"],
    ["12", 3, "12.000"],
  ])("rounds %s to %d digits half up", (text, digits, expected) => {
    expect(Exact.of(text).toFixed(digits)).toBe(expected);
  });

  it.each([
    ["1.2", "2"],
    ["2", "2"],
    ["-1.2", "-1"],
    ["0", "0"],
  ])("goes from %s up to %s", (text, expected) => {
    expect(Exact.of(text).ceil().toFixed(0)).toBe(expected);
  });

  it("keeps the laws of arithmetic", () => {
    fc.assert(
      fc.property(exact, exact, exact, (a, b, c) => {
        expect(
          a
            .plus(b)
            .times(c)
            .minus(a.times(c).plus(b.times(c)))
            .isZero(),
        ).toBe(true);
        expect(a.minus(b).plus(b).minus(a).isZero()).toBe(true);
        if (!b.isZero()) expect(a.over(b).times(b).minus(a).isZero()).toBe(true);
        expect(a.isBelow(b) && b.isBelow(a)).toBe(false);
        expect(Exact.max(a, b).isBelow(Exact.min(a, b))).toBe(false);
      }),
    );
  });

  it("can't be divided by 0", () => {
    expect(() => Exact.of(1).over(0)).toThrow(RangeError);
  });
});
