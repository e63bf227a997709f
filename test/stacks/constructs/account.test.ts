import { TerraformOutput } from "cdktf";
import { Construct } from "constructs";
import { accountOf } from "../../../stacks/constructs/account.ts";
import { synthesize } from "../synthesized.ts";

describe("accountOf", () => {
  it("refers to the account of the construct's stack, and asks Terraform once", () => {
    const json = synthesize((scope) => {
      new TerraformOutput(scope, "one", { value: accountOf(scope) });
      new TerraformOutput(scope, "other", { value: accountOf(new Construct(scope, "inner")) });
    });
    const value = `\${data.aws_caller_identity.account.account_id}`;
    expect(json.output).toEqual({ one: { value }, other: { value } });
    expect(Object.keys(json.data?.aws_caller_identity ?? {})).toEqual(["account"]);
  });
});
