import { columnsOf, stackColumns } from "../../../../../local/console/web/charts/columns.ts";
import { slicesOf } from "../../../../../local/console/web/charts/slices.ts";

const range = { startMs: 0, endMs: 240_000 };
const series = (periodSeconds: number, points: Readonly<Record<number, number>>) => ({
  label: "",
  axis: "left" as const,
  periodSeconds,
  times: Object.keys(points).map(Number),
  values: Object.values(points),
});

describe("series at common times", () => {
  it("have a hole where a period has no value", () => {
    expect(columnsOf([series(60, { 0: 1, 180: 4 })], range)).toEqual({
      times: [0, 60, 120, 180],
      values: [[1, null, null, 4]],
    });
  });

  it("have nothing, and so no hole, between the points of a longer period", () => {
    const { times, values } = columnsOf([series(60, { 60: 2 }), series(120, { 0: 10, 120: 30 })], range);
    expect(times).toEqual([0, 60, 120, 180]);
    expect(values[1]).toEqual([10, undefined, 30, undefined]);
  });

  it("keep points that lie beside the periods", () => {
    expect(columnsOf([series(60, { 30: 5 })], range).times).toContain(30);
  });
});

it("stacked columns lie on top of each other; a hole counts nothing", () => {
  expect(
    stackColumns([
      [1, null],
      [2, 3],
      [4, 5],
    ]),
  ).toEqual([
    [1, 0],
    [3, 3],
    [7, 8],
  ]);
});

describe("slices of a pie", () => {
  it("share the circle", () => {
    expect(slicesOf([1, 3, 0, -1]).map(({ share }) => share)).toEqual([0.25, 0.75, 0, 0]);
  });

  it("are nothing where there is nothing", () => {
    expect(slicesOf([0, 0]).map(({ path }) => path)).toEqual(["", ""]);
  });

  it("of one value don't end where they begin, or nothing would be drawn", () => {
    const [slice] = slicesOf([5]);
    const [, begin, end] = /^M (\S+ \S+) A 1 1 0 1 1 (\S+ \S+)/.exec(slice?.path ?? "") ?? [];
    expect(begin).toBeDefined();
    expect(end).not.toBe(begin);
  });
});
