import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeRepositoriesCommand, ECRClient, GetLifecyclePolicyCommand } from "@aws-sdk/client-ecr";
import { GetFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { DescribeStateMachineCommand, SFNClient } from "@aws-sdk/client-sfn";
import { type LambdaName, lambdas } from "../../../config/lambdas.ts";
import { arn, type Deployed } from "../support/deployed.ts";
import { existingArns } from "../support/existing.ts";

const functions = Object.keys(lambdas) as LambdaName[];

/** Functions, their images' repositories, state machines and log groups. */
export function readBackCompute(deployed: () => Deployed): void {
  test.each(functions)("the function %s runs an arm64 image by digest, traced, as the manifest says", async (name) => {
    const { named, client } = deployed();
    const FunctionName = named.lambda(name);
    const { Configuration, Code } = await new LambdaClient(client).send(new GetFunctionCommand({ FunctionName }));
    expect(Configuration).toMatchObject({
      PackageType: "Image",
      Architectures: ["arm64"],
      MemorySize: lambdas[name].memoryMb,
      Timeout: lambdas[name].timeoutSeconds,
      TracingConfig: { Mode: "Active" },
    });
    expect(Code?.ImageUri).toMatch(new RegExp(`/${FunctionName}@sha256:[0-9a-f]{64}$`));
    const values = Object.values(Configuration?.Environment?.Variables ?? {});
    expect(values.length).toBeGreaterThan(0);
    expect(values.filter((value) => value.includes("${"))).toEqual([]);
  });

  test.each(functions)(
    "the repository of %s keeps its tags, scans what is pushed, and forgets old images",
    async (name) => {
      const { named, client } = deployed();
      const ecr = new ECRClient(client);
      const repositoryName = named.lambda(name);
      const { repositories } = await ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [repositoryName] }));
      expect(repositories).toMatchObject([
        { imageTagMutability: "IMMUTABLE", imageScanningConfiguration: { scanOnPush: true } },
      ]);
      const { lifecyclePolicyText = "" } = await ecr.send(new GetLifecyclePolicyCommand({ repositoryName }));
      expect(JSON.parse(lifecyclePolicyText).rules).toMatchObject([{ action: { type: "expire" } }]);
    },
  );

  test.each([
    { machine: "transactionWorkflow", type: "EXPRESS" },
    { machine: "highValueReview", type: "STANDARD" },
    { machine: "webhookReconciliation", type: "STANDARD" },
  ] as const)("the state machine $machine is $type, logs, and calls only what is there", async ({ machine, type }) => {
    const { named, client } = deployed();
    const name = named.stateMachines[machine];
    const stateMachineArn = arn("states", `stateMachine:${name}`);
    const described = await new SFNClient(client).send(new DescribeStateMachineCommand({ stateMachineArn }));
    expect(described).toMatchObject({
      type,
      loggingConfiguration: {
        level: "ALL",
        includeExecutionData: true,
        destinations: [
          { cloudWatchLogsLogGroup: { logGroupArn: arn("logs", `log-group:/aws/vendedlogs/states/${name}:*`) } },
        ],
      },
      tracingConfiguration: { enabled: true },
    });
    const definition = described.definition ?? "";
    expect(JSON.parse(definition)).toMatchObject({ StartAt: expect.any(String) });
    const existing = await existingArns(client);
    // What Step Functions calls itself, such as arn:aws:states:::dynamodb:putItem, has neither region nor account.
    const arns = [...definition.matchAll(/"(arn:aws:\w+:[\w-]+:\d{12}:[^"]+)"/g)].map(([, each = ""]) => each);
    expect(arns.length).toBeGreaterThan(0);
    expect(arns.filter((each) => !existing.includes(each))).toEqual([]);
    expect(definition).not.toContain("${");
  });

  test("every log group is encrypted and forgets when the settings say so", async () => {
    const { settings, client } = deployed();
    const { logGroups = [] } = await new CloudWatchLogsClient(client).send(new DescribeLogGroupsCommand({}));
    expect(logGroups.length).toBeGreaterThan(functions.length);
    for (const { logGroupName, retentionInDays, kmsKeyId } of logGroups) {
      expect({ logGroupName, retentionInDays }).toEqual({ logGroupName, retentionInDays: settings.logRetentionDays });
      expect(kmsKeyId).toContain(arn("kms", "key/"));
    }
  });
}
