import type { Findings } from "../../../../tools/demo/judging/findings.ts";
import { type Look, missing, repeated, verdictOf } from "../../../../tools/demo/judging/invariant.ts";

const verdict = (look: Look) => verdictOf({ name: "it holds", look: () => look }, {} as Findings);

describe("verdictOf", () => {
  it("says what was looked at when all is well", () => {
    const look = { seen: { cats: 2, dogs: 1 }, note: "all asleep", problems: [] };
    expect(verdict(look)).toEqual({ name: "it holds", ok: true, detail: "2 cats, 1 dogs, all asleep" });
  });

  it("says what is wrong, with three examples", () => {
    const { ok, detail } = verdict({ seen: { cats: 4 }, problems: ["one", "two", "three", "four"] });
    expect([ok, detail]).toEqual([false, "one; two; three … (4)"]);
  });

  it("doesn't hold when there was nothing of one kind to look at", () => {
    const { ok, detail } = verdict({ seen: { cats: 1, dogs: 0, birds: 0 }, problems: [] });
    expect([ok, detail]).toEqual([false, "there were no dogs, no birds to look at"]);
  });
});

it("missing and repeated find what is too few and too many", () => {
  expect(missing(["a", "b"], ["b", "c"])).toEqual(["a"]);
  expect(repeated(["a", "b", "a", "a"])).toEqual(["a", "a"]);
});
