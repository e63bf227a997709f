import { valueRange } from "../../../../../local/console/web/charts/value-range.ts";

const mark = { label: "on time", value: 27, axis: "left" as const };

it.each([
  ["goes from zero, with room above", {}, [], [5, 100], [0, 108]],
  ["goes below zero where values do", {}, [], [-1.71, 10], [-1.71, 10.936_8]],
  ["has levels in sight", {}, [mark], [1, 2], [0, 29.16]],
  ["begins at the least value that is written", { min: 20 }, [mark], [21, 22], [20, 27.56]],
  ["hides nothing below that", { min: 0 }, [], [-1.71, 10], [-1.71, 10.936_8]],
  ["ends at the most that is written", { max: 50 }, [], [1, 70], [0, 50]],
  ["has a height without values", {}, [], [null, null], [0, 1]],
])("a scale %s", (_what, left, levels, data, range) => {
  const [lowest, highest] = valueRange({ axes: { left, right: {} }, levels }, "left", data);
  expect([lowest, highest]).toEqual([range[0], expect.closeTo(range[1] ?? 0, 6)]);
});
