import { allow } from "../../../stacks/constructs/policy.ts";
import { Role, type RoleProps } from "../../../stacks/constructs/Role.ts";
import { onlyResource, synthesize } from "../synthesized.ts";
import { statementsOf } from "./fixtures.ts";

const condition = { StringEquals: { "aws:SourceAccount": "111122223333" } };

function role(props: Partial<RoleProps> = {}) {
  return synthesize((scope) => {
    new Role(scope, "role", {
      roleName: "a-role",
      description: "For tests.",
      service: "states.amazonaws.com",
      condition,
      statements: [allow(["sns:Publish"], ["arn"])],
      ...props,
    });
  });
}

describe("Role", () => {
  it("has its name", () => expect(onlyResource(role(), "aws_iam_role").name).toBe("a-role"));
  it("has its description", () => expect(onlyResource(role(), "aws_iam_role").description).toBe("For tests."));

  it("is its service's alone, under the condition", () => {
    const { assume_role_policy: policy } = onlyResource(role(), "aws_iam_role");
    expect(statementsOf(policy)).toEqual([
      {
        Effect: "Allow",
        Principal: { Service: "states.amazonaws.com" },
        Action: ["sts:AssumeRole"],
        Condition: condition,
      },
    ]);
  });

  it("may do what its statements say", () => {
    const { role: of, policy } = onlyResource(role(), "aws_iam_role_policy");
    expect(of).toMatch(/^\$\{aws_iam_role\.role_.*\.id\}$/);
    expect(statementsOf(policy)).toEqual([{ Effect: "Allow", Action: ["sns:Publish"], Resource: ["arn"] }]);
  });
});
