import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity/index.js";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";

/** The id of the account that a construct's stack goes to, as a reference that Terraform resolves. One per stack. */
export function accountOf(construct: Construct): string {
  const stack = TerraformStack.of(construct);
  const known = stack.node.tryFindChild("account");
  return (known instanceof DataAwsCallerIdentity ? known : new DataAwsCallerIdentity(stack, "account")).accountId;
}
