import { limits } from "../../config/limits.ts";
import { environmentNameProblem, names } from "../../config/names.ts";

const bucketOf = (environment: string) => names(environment).bucket("transaction-audit-logs", "0", "r");

describe("an environment's name", () => {
  it("leaves room for the longest of AWS's names, and no more could be taken", () => {
    const longest = "x".repeat(limits.environmentNameLength);
    expect(environmentNameProblem(longest)).toBeUndefined();
    expect(() => bucketOf(longest)).not.toThrow();
    expect(environmentNameProblem(`${longest}x`)).toBe("it has 13 characters, and AWS's names leave room for 12");
    expect(() => bucketOf(`${longest}x`)).toThrow(/has 64 characters; AWS allows 63\. Shorten the environment's name/);
  });

  it.each(["dev", "pr-1", "1", "a1-b2-c3"])("may be %s", (name) => {
    expect(environmentNameProblem(name, ["prod"])).toBeUndefined();
  });

  it.each([
    ["", "consists of lower-case letters"],
    ["Dev", "consists of lower-case letters"],
    ["a--b", "consists of lower-case letters"],
    ["dlq", '"dlq" has a meaning'],
    ["dlq-dev", '"dlq" has a meaning'],
    ["s3alias", '"s3alias" has a meaning'],
    ["x-prod", "could be mistaken for those of prod"],
  ])("may not be %p", (name, problem) => expect(environmentNameProblem(name, ["prod"])).toContain(problem));
});
