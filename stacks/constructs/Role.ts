import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { Construct } from "constructs";
import { type Condition, policyDocument, type Statement } from "./policy.ts";

export interface RoleProps {
  readonly roleName: string;
  readonly description: string;
  /** The AWS service that takes the role, such as `lambda.amazonaws.com`. */
  readonly service: string;
  /** When the service may take it: for which resource and account it acts. */
  readonly condition: Condition;
  /** All that the role may do. */
  readonly statements: readonly Statement[];
}

/** A role of one AWS service for one resource, with its whole policy inline. */
export class Role extends Construct {
  readonly arn: string;
  /** Whoever uses the role at once depends on this, since a role without its policy may do nothing. */
  readonly policy: IamRolePolicy;

  constructor(scope: Construct, id: string, props: RoleProps) {
    super(scope, id);
    const { roleName, description, service, condition, statements } = props;
    const role = new IamRole(this, "role", {
      name: roleName,
      description,
      assumeRolePolicy: policyDocument([
        {
          Effect: "Allow",
          Principal: { Service: service },
          Action: ["sts:AssumeRole"],
          Condition: condition,
        },
      ]),
    });
    this.policy = new IamRolePolicy(this, "policy", {
      name: "permissions",
      role: role.id,
      policy: policyDocument(statements),
    });
    this.arn = role.arn;
  }
}
