import { Construct } from "constructs";
import { checkRules } from "../../../stacks/constructs/rules.ts";
import { synthesize } from "../synthesized.ts";

function check(rules: Parameters<typeof checkRules>[1]) {
  synthesize((scope) => checkRules(new Construct(scope, "thing"), rules));
}

describe("checkRules", () => {
  it("lets a construct pass that breaks none", () => {
    expect(() => check([{ broken: false, message: "x" }])).not.toThrow();
  });

  it("throws once with all that are broken and the construct's path", () => {
    const rules = [
      { broken: true, message: "too long" },
      { broken: false, message: "too short" },
      { broken: true, message: "too wide" },
    ];
    expect(() => check(rules)).toThrow(/thing is wrong:\n {2}- too long\n {2}- too wide$/);
  });
});
