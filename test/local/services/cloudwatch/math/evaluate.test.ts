import {
  evaluateExpression,
  type MathSources,
  seriesOf,
} from "../../../../../local/services/cloudwatch/math/evaluate.ts";
import type { TimeSeries } from "../../../../../local/services/cloudwatch/math/values.ts";

/** Values of the minutes from 0 on; undefined for a minute without one. */
function series(label: string, values: readonly (number | undefined)[]): TimeSeries {
  const points = values.flatMap((value, index): [number, number][] =>
    value === undefined ? [] : [[index * 60, value]],
  );
  return { label, periodSeconds: 60, points: new Map(points) };
}

const known: Readonly<Record<string, TimeSeries>> = {
  a: series("a", [1, 2, undefined, 4]),
  b: series("b", [10, undefined, 30, 40]),
  z: series("z", [0, 1, 0, 1]),
  empty: series("empty", []),
};

const sources: MathSources = {
  startSeconds: 0,
  endSeconds: 240,
  gridSeconds: 0,
  periodSeconds: 60,
  readQuery(id) {
    const found = known[id];
    if (found === undefined) throw new Error(`no ${id}`);
    return found;
  },
  metrics: () => Object.entries(known),
  search: () => [series("one", [1, 1]), series("two", [undefined, 5])],
  band: () => [],
};

function valuesOf(expression: string): (number | undefined)[][] {
  return seriesOf(evaluateExpression(expression, sources), sources).map(({ points }) =>
    [0, 60, 120, 180].map((second) => points.get(second)),
  );
}

const none = undefined;

describe("metric math", () => {
  it.each([
    ["1 + 2 * 3", [[7, 7, 7, 7]]],
    ["(1 + 2) * 3", [[9, 9, 9, 9]]],
    ["10 - 4 - 3", [[3, 3, 3, 3]]],
    ["-2 ^ 2", [[-4, -4, -4, -4]]],
    ["2 ^ 3 ^ 2", [[512, 512, 512, 512]]],
    ["7 % 4", [[3, 3, 3, 3]]],
    ["a + 1", [[2, 3, none, 5]]],
    // Where one has no value, the result has none.
    ["a + b", [[11, none, none, 44]]],
    ["100 * a / b", [[10, none, none, 10]]],
    // Nothing is the result of a division by nothing.
    ["a / z", [[none, 2, none, 4]]],
    ["a > 1", [[0, 1, none, 1]]],
    ["a > 1 && z == 1", [[0, 1, none, 1]]],
    ["a >= 4 OR z == 0", [[1, 0, none, 1]]],
    ["FILL(a, 0) + 0", [[1, 2, 0, 4]]],
    ["FILL(a, REPEAT)", [[1, 2, 2, 4]]],
    ["FILL(a, LINEAR)", [[1, 2, 3, 4]]],
    ["FILL(empty, 0)", [[0, 0, 0, 0]]],
    ["SUM([a, b])", [[11, 2, 30, 44]]],
    ["AVG([a, b])", [[5.5, 2, 30, 22]]],
    ["MAX([a, b])", [[10, 2, 30, 40]]],
    ["SUM(a)", [[7, 7, 7, 7]]],
    ["MIN(a)", [[1, 1, 1, 1]]],
    ["SUM(METRICS('a'))", [[1, 2, none, 4]]],
    ["IF(z, a, b)", [[10, 2, 30, 4]]],
    ["IF(a > 1, 1, 0)", [[0, 1, none, 1]]],
    ["DIFF(a)", [[none, 1, none, 2]]],
    ["RATE(b)", [[none, none, 20 / 120, 10 / 60]]],
    ["RUNNING_SUM(a)", [[1, 3, none, 7]]],
    ["a * 3600 / PERIOD(a)", [[60, 120, none, 240]]],
    ["ABS(0 - a)", [[1, 2, none, 4]]],
    ["CEIL(a / 3) - FLOOR(a / 3)", [[1, 1, none, 1]]],
    ["DATAPOINT_COUNT(a)", [[3, 3, 3, 3]]],
    ["MINUTE(b)", [[0, none, 2, 3]]],
    ["TIME_SERIES(5)", [[5, 5, 5, 5]]],
    [
      "[a, b]",
      [
        [1, 2, none, 4],
        [10, none, 30, 40],
      ],
    ],
    ["REMOVE_EMPTY([a, empty])", [[1, 2, none, 4]]],
    [
      "SEARCH('anything', 'Sum', 60) / 10",
      [
        [0.1, 0.1, none, none],
        [none, 0.5, none, none],
      ],
    ],
    ["SUM(SEARCH('anything', 'Sum'))", [[1, 6, none, none]]],
    ["ANOMALY_DETECTION_BAND(a, 2)", []],
  ])("%s", (expression, expected) => {
    expect(valuesOf(expression)).toEqual(expected);
  });

  it.each([
    ["", "Invalid syntax"],
    ["a b", "Invalid syntax"],
    [`${"(".repeat(5_000)}a${")".repeat(5_000)}`, "Invalid syntax"],
    [`${"-".repeat(5_000)}a`, "Invalid syntax"],
    [`${"[".repeat(5_000)}`, "Invalid syntax"],
    ["(a", "Invalid syntax"],
    ["a ? b : 1", "Invalid syntax"],
    ["'text'", "'text'"],
    ["[1, 2]", "no numbers"],
    ["DB_PERF_INSIGHTS('x')", "DB_PERF_INSIGHTS is not covered locally"],
    ["constructor(a)", "CONSTRUCTOR is not covered locally"],
    ["PERIOD([a, b])", "single time series"],
    ["SEARCH(a)", "two texts"],
    ["[a, b] + METRICS()", "different lengths"],
  ])("refuses %s", (expression, words) => {
    expect(() => valuesOf(expression)).toThrow(words);
  });

  it("finds the least and the greatest of more values than a call takes arguments", () => {
    const long = series(
      "long",
      Array.from({ length: 200_000 }, (_none, index) => index + 1),
    );
    const ofLong = { ...sources, readQuery: () => long };
    expect(evaluateExpression("MIN(long)", ofLong)).toBe(1);
    expect(evaluateExpression("MAX(long)", ofLong)).toBe(200_000);
  });
});
