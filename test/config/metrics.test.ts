import { dimensionValues, type MetricSpec, metricIn, metrics } from "../../config/metrics.ts";

const specs: readonly (readonly [string, MetricSpec])[] = Object.entries(metrics);

describe("a metric", () => {
  it("has a name that no dimension has: both stand in one line of the log", () => {
    const taken = ["service", "environment", ...Object.keys(dimensionValues)];
    expect(specs.map(([name]) => name).filter((name) => taken.includes(name))).toEqual([]);
  });

  it("has each of its dimensions in one way to look at it: Powertools warns of each that is in two", () => {
    for (const [name, { also }] of specs) expect([name, new Set(also.flat()).size]).toEqual([name, also.flat().length]);
  });

  it("can be looked at in some way, and is told by somebody", () => {
    for (const [name, { also, isSummed, by }] of specs) {
      expect({ name, ways: also.length + (isSummed === false ? 0 : 1) > 0, told: by.length > 0 }).toEqual({
        name,
        ways: true,
        told: true,
      });
    }
  });

  it("is looked up by its function and its environment", () => {
    expect(metricIn("pr-7", "DecisionSweep.Finished")).toEqual({
      namespace: "ECOSYSTEMAWS/Webhooks",
      metricName: "DecisionSweep.Finished",
      dimensions: { service: "decision-sweep", environment: "pr-7" },
    });
  });

  it("is looked up by a dimension that it is told by, and by no other", () => {
    expect(metricIn("pr-7", "routed", { tier: "low" }).dimensions).toEqual({
      service: "webhook-dedup",
      environment: "pr-7",
      tier: "low",
    });
    expect(() => metricIn("pr-7", "decision", { tier: "low", provider: "hmac" })).toThrow(
      /tells decision by tier and provider/,
    );
  });
});

it("the values of a dimension are different ones, and what CloudWatch takes", () => {
  for (const [dimension, values] of Object.entries(dimensionValues)) {
    expect([dimension, new Set(values).size]).toEqual([dimension, values.length]);
    expect(values.filter((value) => !/^[\x21-\x7e]{1,1024}$/.test(value) || value.startsWith(":"))).toEqual([]);
  }
});
