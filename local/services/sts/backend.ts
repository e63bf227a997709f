/** STS: `aws sts get-caller-identity`, which people run first. */
import type { Backend } from "../../aws/backends.ts";
import { AwsError, localAccount } from "../../aws/types.ts";

export const stsBackend: Backend = {
  async call({ operation, principal }) {
    if (operation !== "GetCallerIdentity")
      throw new AwsError("InvalidAction", `STS ${operation} is not covered locally.`);
    const arn = principal.kind === "function" ? principal.roleArn : `arn:aws:iam::${localAccount}:root`;
    return { Arn: arn, UserId: "LOCAL", Account: localAccount };
  },
};
