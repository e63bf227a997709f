import { type Price, prices, pricesCheckedOn } from "../../config/prices.ts";

const all = Object.entries(prices).flatMap(([region, list]) =>
  Object.entries<Price>(list).map(([name, price]) => [`${region} ${name}`, price] as const),
);

describe("prices", () => {
  it("are there for us-east-1, and dated", () => {
    expect(Object.keys(prices)).toContain("us-east-1");
    expect(pricesCheckedOn).toMatch(/^20\d\d-\d\d-\d\d$/);
  });

  it("are complete in every region", () => {
    const names = Object.values(prices).map((list) => Object.keys(list).sort());
    for (const each of names) expect(each).toEqual(names[0]);
  });

  it.each(all)("%s is a decimal number above 0, from a pricing page of AWS", (_name, { steps, per, unit, source }) => {
    for (const { usd } of steps) {
      expect(usd).toMatch(/^\d+(\.\d+)?$/);
      expect(Number(usd)).toBeGreaterThan(0);
    }
    expect(per).toBeGreaterThan(0);
    expect(unit).toMatch(/s$|^GB$/);
    expect(source).toMatch(/^https:\/\/aws\.amazon\.com\/.*pricing/);
  });

  it.each(all)("%s has steps that rise in quantity and fall in price, the last without end", (_name, { steps }) => {
    const ends = steps.map(({ upTo }) => upTo ?? Number.POSITIVE_INFINITY);
    expect(ends.at(-1)).toBe(Number.POSITIVE_INFINITY);
    for (const [at, end] of ends.slice(1).entries()) expect(end).toBeGreaterThan(ends[at] ?? 0);
    for (const [at, { usd }] of steps.slice(1).entries()) expect(Number(usd)).toBeLessThan(Number(steps[at]?.usd));
  });
});
