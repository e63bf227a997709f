import { TerraformOutput } from "cdktf";
import { lambdas } from "../../../config/lambdas.ts";
import { ContainerFunction, type ContainerFunctionProps } from "../../../stacks/constructs/ContainerFunction.ts";
import { LogGroup } from "../../../stacks/constructs/LogGroup.ts";
import { allow } from "../../../stacks/constructs/policy.ts";
import { onlyResource, resourcesOf, synthesize } from "../synthesized.ts";
import { functionIn, logsIn, queueIn, statementsOf, testNames, topicIn } from "./fixtures.ts";

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
        tracing: true,
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
  it("begins no trace, and may send none, where that is said", () => {
    expect(functionOf({ tracing: false }).tracing_config).toEqual({ mode: "PassThrough" });
    const { policy } = onlyResource(containerFunction({ tracing: false }), "aws_iam_role_policy");
    expect(String(policy)).not.toContain("xray:");
  });
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
    expect(statementsOf(role.assume_role_policy)).toMatchObject([
      {
        Principal: { Service: "lambda.amazonaws.com" },
        Condition: { StringEquals: { "aws:SourceAccount": expect.stringContaining("account_id") } },
      },
    ]);
  });

  it("rings at the topic when it fails, with the manifest's text", () => {
    expect(onlyResource(containerFunction(), "aws_cloudwatch_metric_alarm")).toMatchObject({
      metric_name: "Errors",
      dimensions: { FunctionName: "webhook-validator-test" },
      alarm_description: expect.stringContaining(lambdas["webhook-validator"].errorImpact),
      alarm_actions: [expect.stringMatching(/aws_sns_topic\.a-topic/)],
    });
  });

  it("has the account's concurrency when nothing is said, and no version", () => {
    expect(functionOf()).not.toHaveProperty("reserved_concurrent_executions");
    expect(functionOf()).not.toHaveProperty("publish");
    for (const type of ["aws_lambda_alias", "aws_lambda_provisioned_concurrency_config"]) {
      expect(resourcesOf(containerFunction(), type)).toEqual([]);
    }
    containerFunction({}, (fn) => expect(fn.qualifier).toBeUndefined());
  });

  it("reserves concurrency", () => {
    expect(functionOf({ reservedConcurrency: 7 }).reserved_concurrent_executions).toBe(7);
  });

  it("is kept warm by its latest version, which its alias names", () => {
    const warm = containerFunction({ provisionedConcurrency: 3 });
    expect(onlyResource(warm, "aws_lambda_function").publish).toBe(true);
    expect(onlyResource(warm, "aws_lambda_alias")).toMatchObject({
      name: "live",
      function_name: expect.stringMatching(/\.function_name\}$/),
      function_version: expect.stringMatching(/^\$\{aws_lambda_function\.fn_.*\.version\}$/),
    });
    expect(onlyResource(warm, "aws_lambda_provisioned_concurrency_config")).toMatchObject({
      function_name: expect.stringMatching(/\.function_name\}$/),
      qualifier: expect.stringMatching(/^\$\{aws_lambda_alias\.fn_live_.*\.name\}$/),
      provisioned_concurrent_executions: 3,
    });
  });

  it("is called by its alias when it is kept warm", () => {
    const resolved: Record<string, unknown> = {};
    const json = synthesize((scope) => {
      const logs = logsIn(scope);
      const fn = new ContainerFunction(scope, "fn", {
        lambda: "webhook-validator",
        names: testNames,
        imageUri: "repository@sha256:1",
        environmentVariables: {},
        statements: [],
        logs,
        alarmTopic: topicIn(scope),
        tracing: false,
        provisionedConcurrency: 1,
      });
      for (const [name, value] of Object.entries({ arn: fn.arn, uri: fn.invokeArn, qualifier: fn.qualifier })) {
        new TerraformOutput(scope, name, { value });
      }
      expect(fn.allowInvoke()).toMatchObject([{ Resource: [fn.arn] }]);
    });
    for (const [name, output] of Object.entries(json.output ?? {})) resolved[name] = output.value;
    expect(resolved).toEqual({
      arn: expect.stringMatching(/^\$\{aws_lambda_alias\.fn_live_.*\.arn\}$/),
      uri: expect.stringMatching(/^\$\{aws_lambda_alias\.fn_live_.*\.invoke_arn\}$/),
      qualifier: expect.stringMatching(/^\$\{aws_lambda_alias\.fn_live_.*\.name\}$/),
    });
  });

  it("keeps what it fails at, and may send it there", () => {
    const json = synthesize((scope) => functionIn(scope, { deadLetters: queueIn(scope, "letters") }));
    const queueArn = expect.stringMatching(/^\$\{aws_sqs_queue\.letters_.*\.arn\}$/);
    expect(onlyResource(json, "aws_lambda_function").dead_letter_config).toEqual({ target_arn: queueArn });
    const [policy] = resourcesOf(json, "aws_iam_role_policy");
    expect(statementsOf(policy?.config.policy)).toContainEqual({
      Effect: "Allow",
      Action: ["sqs:SendMessage"],
      Resource: [queueArn],
    });
    expect(functionOf()).not.toHaveProperty("dead_letter_config");
  });

  it("has more room in /tmp when asked", () => {
    expect(functionOf({ ephemeralStorageMb: 1_234 }).ephemeral_storage).toEqual({ size: 1_234 });
    expect(functionOf()).not.toHaveProperty("ephemeral_storage");
  });

  describe("in a network", () => {
    const network = {
      subnetIds: ["subnet-1", "subnet-2"],
      securityGroupIds: ["sg-1"],
      arn: (service: string, resource: string) => `arn:aws:${service}:r:a:${resource}`,
    };
    const added = () =>
      statementsOf(onlyResource(containerFunction({ network }), "aws_iam_role_policy").policy).slice(3);

    it("is in the subnets and security groups", () => {
      expect(functionOf({ network }).vpc_config).toEqual({
        subnet_ids: ["subnet-1", "subnet-2"],
        security_group_ids: ["sg-1"],
      });
    });

    it("has a role with which Lambda makes interfaces there, and nowhere else", () => {
      const interfaces = "arn:aws:ec2:r:a:network-interface/*";
      expect(added().slice(0, 3)).toEqual([
        {
          Effect: "Allow",
          Action: ["ec2:CreateNetworkInterface"],
          Resource: [
            interfaces,
            "arn:aws:ec2:r:a:subnet/subnet-1",
            "arn:aws:ec2:r:a:subnet/subnet-2",
            "arn:aws:ec2:r:a:security-group/sg-1",
          ],
        },
        {
          Effect: "Allow",
          Action: ["ec2:DeleteNetworkInterface", "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses"],
          Resource: [interfaces],
        },
        { Effect: "Allow", Action: ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"], Resource: ["*"] },
      ]);
    });

    it("can't use these permissions itself", () => {
      const granted = added()
        .slice(0, 3)
        .flatMap(({ Action: actions }) => actions as string[]);
      expect(added()[3]).toMatchObject({
        Effect: "Deny",
        Resource: ["*"],
        Condition: { ArnEquals: { "lambda:SourceFunctionArn": "arn:aws:lambda:r:a:function:webhook-validator-test" } },
      });
      const refused = added()[3]?.Action as string[];
      expect(refused.toSorted()).toEqual(granted.toSorted());
    });

    it("has none of this outside of one", () => {
      expect(functionOf()).not.toHaveProperty("vpc_config");
      expect(String(onlyResource(containerFunction(), "aws_iam_role_policy").policy)).not.toContain("ec2:");
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
