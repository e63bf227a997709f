import { environments } from "../../../config/environments.ts";
import { named, permissionsOf, variablesOf } from "./dev-pipeline.ts";

describe("workflow-claim", () => {
  it("rule 8: holds a lease longer than an Express execution can live", () => {
    expect(Number(variablesOf("workflow-claim").LEASE_SECONDS)).toBeGreaterThan(300);
  });

  it("may update claims, and nothing else", () => {
    expect(
      Object.keys(permissionsOf("workflows_workflow-claim")).filter((action) => !/^(logs|xray):/.test(action)),
    ).toEqual(["dynamodb:UpdateItem", "kms:Decrypt"]);
  });
});

describe("workflows", () => {
  it.each([
    ["transaction-workflow-dev", "EXPRESS"],
    ["high-value-review-dev", "STANDARD"],
  ])("%s is %s", (name, type) => expect(named("aws_sfn_state_machine", name)?.type).toBe(type));

  it("give a person the environment's time", () => {
    const { definition } = named("aws_sfn_state_machine", "high-value-review-dev") ?? {};
    expect(JSON.parse(String(definition)).States.OpenReview.TimeoutSeconds).toBe(environments.dev.reviewTimeoutSeconds);
  });

  it.each(["transaction-workflow", "high-value-review"])("%s may do what its tasks do, and nothing else", (name) => {
    const permissions = permissionsOf(`workflows_${name}`);
    expect(
      Object.keys(permissions)
        .filter((action) => !/^(logs|xray):/.test(action))
        .sort(),
    ).toEqual([
      "dynamodb:PutItem",
      "dynamodb:UpdateItem",
      "kms:Decrypt",
      "kms:GenerateDataKey",
      "lambda:InvokeFunction",
      "sns:Publish",
      "sqs:SendMessage",
    ]);
  });
});
