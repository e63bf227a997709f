import { compileFilters } from "../../../../local/services/cloudwatch/metric-filters.ts";
import { createMetrics } from "../../../../local/services/cloudwatch/metrics.ts";
import { noon } from "./harness.ts";

const config = {
  logGroupName: "/g",
  pattern: '{ $.code = "slow" }',
  namespace: "N",
  metricName: "slow",
  value: "1",
  defaultValue: undefined,
  unit: "Count",
  dimensions: {},
};

function counted(changes: Partial<typeof config> | { defaultValue: number } | { dimensions: Record<string, string> }) {
  const metrics = createMetrics({ now: () => noon });
  const count = compileFilters([{ ...config, ...changes }], metrics);
  const lines = ['{"code":"slow","ms":12,"at":{"stage":"a"}}', '{"code":"fast"}', "slow"];
  const messages = lines.map((message) => ({ timestamp: noon, message }));
  count("/g", messages);
  count("/other", messages);
  return [...metrics.all()].map((metric) => {
    const window = { startSeconds: noon / 1_000, endSeconds: noon / 1_000 + 1, periodSeconds: 1 };
    const { sum, count: times } = metrics.read(metric, window).get(noon / 1_000) ?? { sum: 0, count: 0 };
    return { name: metric.name, dimensions: metric.dimensions, unit: metric.unit, sum, times };
  });
}

describe("a metric filter", () => {
  const slow = { name: "slow", dimensions: {}, unit: "Count" };
  it.each([
    ["counts lines", {}, [{ ...slow, sum: 1, times: 1 }]],
    ["adds a property up", { value: "$.ms" }, [{ ...slow, sum: 12, times: 1 }]],
    ["leaves out lines without the property", { value: "$.none" }, []],
    ["tells the default for other lines", { defaultValue: 0 }, [{ ...slow, sum: 1, times: 3 }]],
    [
      "has dimensions",
      { dimensions: { stage: "$.at.stage" } },
      [{ ...slow, dimensions: { stage: "a" }, sum: 1, times: 1 }],
    ],
    ["leaves out lines without a dimension", { dimensions: { stage: "$.stage" } }, []],
    ["takes every line without a pattern", { pattern: "" }, [{ ...slow, sum: 3, times: 3 }]],
  ])("%s", (_what, changes, expected) => {
    expect(counted(changes)).toEqual(expected);
  });

  it("that counts neither a number nor a property is refused", () => {
    expect(() => counted({ value: "$ms" })).toThrow("counts $ms");
  });
});
