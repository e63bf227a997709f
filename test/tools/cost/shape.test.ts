import { defaultShape } from "../../../tools/cost/default-shape.ts";
import { parseShape } from "../../../tools/cost/shape.ts";

describe("a shape", () => {
  it("is the default one where the file says nothing", () => {
    expect(parseShape("{}")).toEqual({ kind: "shape", shape: defaultShape });
  });

  it("differs just where the file says so, within groups, too", () => {
    const given = { bodyBytes: 4_000, tiers: { low: 0.8, medium: 0.16 }, keptDays: { transactions: 90 } };
    const result = parseShape(JSON.stringify(given));
    expect(result).toMatchObject({
      kind: "shape",
      shape: {
        bodyBytes: 4_000,
        tiers: { ...defaultShape.tiers, low: 0.8, medium: 0.16 },
        keptDays: { ...defaultShape.keptDays, transactions: 90 },
        durationsMs: defaultShape.durationsMs,
      },
    });
  });

  it("names every problem of the file at once, with its place", () => {
    const wrong = {
      tiers: { low: -1, medium: "much" },
      refusedShare: 0.1,
      eventsPerBatch: 11,
      bodyBytes: 100_000,
      durationsMs: { "webhook-dedupe": 1 },
      images: { keptReleases: 1.5 },
    };
    expect(parseShape(JSON.stringify(wrong))).toEqual({
      kind: "invalid",
      problems: expect.arrayContaining([
        "tiers.low is below 0",
        "tiers.medium is no number",
        "refusedShare is not known",
        "eventsPerBatch is above 10",
        "bodyBytes is too large to stay in a message",
        "durationsMs.webhook-dedupe is not known",
        "images.keptReleases is no whole number",
      ]),
    });
  });

  it("has tiers that add up to 1", () => {
    expect(parseShape('{"tiers": {"low": 0.5}}')).toEqual({ kind: "invalid", problems: ["tiers do not add up to 1"] });
  });

  it.each([
    ["{", "it is not JSON"],
    ["[]", "it holds no JSON object"],
    ['{"tiers": 1}', /^tiers /],
    ['{"tiers": {"__proto__": 1}}', /__proto__ is not known/],
  ])("isn't %s", (json, problem) => {
    const result = parseShape(json);
    expect(result).toMatchObject({ kind: "invalid", problems: [expect.stringMatching(problem)] });
  });
});
