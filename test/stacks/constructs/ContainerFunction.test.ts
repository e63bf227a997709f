import { lambdas } from "../../../config/lambdas.ts";
import { ContainerFunction, type ContainerFunctionProps } from "../../../stacks/constructs/ContainerFunction.ts";
import { LogGroup } from "../../../stacks/constructs/LogGroup.ts";
import { allow } from "../../../stacks/constructs/policy.ts";
import { onlyResource, synthesize } from "../synthesized.ts";
import { logsIn, statementsOf, testNames, topicIn } from "./fixtures.ts";

function containerFunction(
  props: Partial<ContainerFunctionProps> = {},
  use: (fn: ContainerFunction) => void = () => {},
) {
  return synthesize((scope) => {
    use(
      new ContainerFunction(scope, "fn", {
        lambda: "webhook-validator",
        names: testNames,
        imageUri: "repository@sha256:1",
        environmentVariables: { COLOUR: "blue" },
        statements: [allow(["s3:PutObject"], ["arn:aws:s3:::a-bucket/*"])],
        logs: logsIn(scope),
        alarmTopic: topicIn(scope),
        ...props,
      }),
    );
  });
}

const functionOf = (props: Partial<ContainerFunctionProps> = {}) =>
  onlyResource(containerFunction(props), "aws_lambda_function");

describe("ContainerFunction", () => {
  it("is named after its manifest key", () => expect(functionOf().function_name).toBe("webhook-validator-test"));

  it.each(["webhook-validator", "fraud-detector"] as const)("takes %s's numbers from the manifest", (lambda) => {
    const { description, memoryMb, timeoutSeconds } = lambdas[lambda];
    expect(functionOf({ lambda })).toMatchObject({ description, memory_size: memoryMb, timeout: timeoutSeconds });
  });

  it("runs the image", () =>
    expect(functionOf()).toMatchObject({ package_type: "Image", image_uri: "repository@sha256:1" }));
  it("runs on arm64", () => expect(functionOf().architectures).toEqual(["arm64"]));
  it("is traced", () => expect(functionOf().tracing_config).toEqual({ mode: "Active" }));
  it("has its environment variables", () =>
    expect(functionOf().environment).toEqual({ variables: { COLOUR: "blue" } }));

  it("logs to its own group, for as long as said", () => {
    expect(onlyResource(containerFunction(), "aws_cloudwatch_log_group")).toMatchObject({
      name: "/aws/lambda/webhook-validator-test",
      retention_in_days: 30,
      kms_key_id: expect.stringMatching(/aws_kms_key\.logs-key/),
    });
  });

  it("waits for its log group and its permissions", () => {
    expect(functionOf().depends_on).toEqual([
      expect.stringMatching(/^aws_cloudwatch_log_group\./),
      expect.stringMatching(/^aws_iam_role_policy\./),
    ]);
  });

  it("may do what is said, write its own logs and send traces", () => {
    const { policy } = onlyResource(containerFunction(), "aws_iam_role_policy");
    expect(statementsOf(policy)).toEqual([
      { Effect: "Allow", Action: ["s3:PutObject"], Resource: ["arn:aws:s3:::a-bucket/*"] },
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: [expect.stringMatching(/^\$\{aws_cloudwatch_log_group\.fn_logs_group_.*\.arn\}:\*$/)],
      },
      { Effect: "Allow", Action: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], Resource: ["*"] },
    ]);
  });

  it("has a role of Lambda's", () => {
    const role = onlyResource(containerFunction(), "aws_iam_role");
    expect(role.name).toBe("webhook-validator-test");
    expect(statementsOf(role.assume_role_policy)).toMatchObject([{ Principal: { Service: "lambda.amazonaws.com" } }]);
  });

  it("rings at the topic when it fails, with the manifest's text", () => {
    expect(onlyResource(containerFunction(), "aws_cloudwatch_metric_alarm")).toMatchObject({
      metric_name: "Errors",
      dimensions: { FunctionName: "webhook-validator-test" },
      alarm_description: expect.stringContaining(lambdas["webhook-validator"].errorImpact),
      alarm_actions: [expect.stringMatching(/aws_sns_topic\.a-topic/)],
    });
  });

  it("tells its log group", () => {
    containerFunction({}, (fn) => expect(fn.logGroup).toBeInstanceOf(LogGroup));
  });

  it("allows to call itself alone", () => {
    containerFunction({}, (fn) =>
      expect(fn.allowInvoke()).toEqual([{ Effect: "Allow", Action: ["lambda:InvokeFunction"], Resource: [fn.arn] }]),
    );
  });
});
