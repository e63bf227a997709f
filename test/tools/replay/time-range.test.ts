import { timeRange } from "../../../tools/replay/time-range.ts";

const at = (text: string) => Date.parse(`2026-11-${text}Z`);

describe("a range of time", () => {
  it("has a part in each hour that it touches, cut off at both ends", () => {
    const hours = [...timeRange(at("20T22:30:00.000"), at("21T01:00:00.001")).hours()];
    expect(hours.map(({ day, hour, fromMs, toMs }) => [day, hour, toMs - fromMs])).toEqual([
      ["2026-11-20", "22", 30 * 60_000],
      ["2026-11-20", "23", 60 * 60_000],
      ["2026-11-21", "00", 60 * 60_000],
      ["2026-11-21", "01", 1],
    ]);
    const [first, second] = hours;
    expect([first?.includes("2026-11-20T22:30:00.000Z"), first?.includes("2026-11-20T23:00:00.000Z")]).toEqual([
      true,
      false,
    ]);
    expect(second?.includes("2026-11-20T23:00:00.000Z")).toBe(true);
  });

  it("of whole hours has no empty part", () => {
    expect([...timeRange(at("20T22:00:00.000"), at("20T23:00:00.000")).hours()]).toHaveLength(1);
  });
});
