import fc from "fast-check";
import { rawRow } from "../../../../../lambdas/shared/domain/archive/rows.ts";
import { aRawRecord } from "../../../../support/memory-archive.ts";

describe("the times of archived rows", () => {
  const read = (receivedAt: string) => rawRow("e", aRawRecord({ receivedAt }), Buffer.of()).received_at;

  it("are those of the text, in whatever order times come", () => {
    const near = fc.integer({ min: -90_000, max: 90_000 }).map((ms) => Date.parse("2028-02-29T23:59:30.000Z") + ms);
    const far = fc.date({ noInvalidDate: true, min: new Date(-1), max: new Date("9999-12-31T23:59:59.999Z") });
    const timeMs = fc.oneof({ weight: 5, arbitrary: near }, far.map(Number));
    fc.assert(
      fc.property(fc.array(timeMs), (times) => {
        expect(times.map((ms) => read(new Date(ms).toISOString()))).toEqual(times.map(BigInt));
      }),
    );
  });

  it.each([
    ["2028-02-29T23:59:30Z", "2028-02-29T23:59:30.000Z"],
    ["2028-02-29T23:59:30.5Z", "2028-02-29T23:59:30.500Z"],
    ["2028-02-29T23:59:30.500+01:00", "2028-02-29T22:59:30.500Z"],
    ["2028-02-29T23:59:30.5001Z", "2028-02-29T23:59:30.500Z"],
  ])("may be written otherwise: %s", (text, same) => {
    read("2028-02-29T23:59:00.000Z");
    expect(read(text)).toBe(BigInt(Date.parse(same)));
  });

  it.each([
    "2028-02-29T23:59:60.000Z",
    "2028-02-29T23:59:3x.000Z",
    "2028-02-29T23:59:30.00 Z",
    "2028-02-30T25:00:00.000Z",
    "",
  ])("are never made up: %s", (text) => {
    read("2028-02-29T23:59:00.000Z");
    expect(() => read(text)).toThrow("a time that is none");
  });
});
