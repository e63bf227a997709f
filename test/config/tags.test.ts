import { readTags, tagKeyProblem, tagValueProblem } from "../../config/tags.ts";

describe("readTags", () => {
  it("tells what the pipeline told, and leaves out the rest", () => {
    const variables = { REPOSITORY: "pipeline", COMMIT_AUTHOR: "", PR_NUMBER: "12", TEAM: undefined, HOME: "/" };
    expect(readTags(variables)).toEqual({ Repository: "pipeline", PrNumber: "12" });
  });

  it("has a tag for each of the four", () => {
    const told = readTags({ REPOSITORY: "r", COMMIT_AUTHOR: "c", PR_NUMBER: "1", TEAM: "t" });
    expect(Object.keys(told)).toEqual(["Repository", "CommitAuthor", "PrNumber", "Team"]);
  });

  it("names every value that AWS refuses", () => {
    expect(() => readTags({ REPOSITORY: "a#b", TEAM: "x".repeat(257) })).toThrow(
      /^2 settings are wrong:\n {2}- REPOSITORY is "a#b": a tag's value takes letters.+\n {2}- TEAM is "x+": .+256/,
    );
  });
});

describe("what AWS takes", () => {
  it.each(["", "Zoë Müller", "a_b.c:d/e=f+g-h@i", "x".repeat(256)])("value %p", (value) => {
    expect(tagValueProblem(value)).toBeUndefined();
  });

  it.each(["a(b)", "a,b", "a\nb", "x".repeat(257)])("not value %p", (value) => {
    expect(tagValueProblem(value)).toMatch(/^a tag's value/);
  });

  it.each(["", "aws:a", "AWS:a", "a#", "x".repeat(129)])("not key %p", (key) => {
    expect(tagKeyProblem(key)).toMatch(/^a tag's key/);
  });
});
