import { nearest } from "../../../../tools/commands/text/nearest.ts";

const known = ["dev", "staging", "prod"];

describe("nearest", () => {
  it.each([
    ["prd", "prod"],
    ["porduct", undefined],
    ["pord", "prod"],
    ["prood", "prod"],
    ["stagnig", "staging"],
    ["stage", undefined],
    ["edv", "dev"],
    ["feature-12", undefined],
    ["", undefined],
  ])("%s was meant to be %s", (word, meant) => {
    expect(nearest(word, known)).toBe(meant);
  });

  it("takes the closest, and nothing where nothing is known", () => {
    expect(nearest("dev1", ["dev22", "dev2", "dev"])).toBe("dev2");
    expect(nearest("dev", [])).toBeUndefined();
  });
});
