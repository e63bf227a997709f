import {
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
} from "@aws-sdk/client-iam";
import {
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
  ListAliasesCommand,
} from "@aws-sdk/client-kms";
import { type LambdaName, lambdas } from "../../../config/lambdas.ts";
import { arn, type Deployed, listed, statementsOf } from "../support/deployed.ts";
import { existingArns } from "../support/existing.ts";
import { moto } from "../support/terraform-run.ts";

/** Keys and roles: who may do what. */
export function readBackPermissions(deployed: () => Deployed): void {
  const kms = () => new KMSClient(deployed().client);
  const iam = () => new IAMClient(deployed().client);

  async function keyOf(base: string): Promise<string> {
    const { Aliases = [] } = await kms().send(new ListAliasesCommand({}));
    const alias = Aliases.find(({ AliasName }) => AliasName === deployed().named.kmsAlias(base));
    if (alias?.TargetKeyId === undefined) throw new Error(`there is no key ${base}`);
    return alias.TargetKeyId;
  }

  /** Statement ids of a key's policy, and the statements by them. */
  async function keyPolicy(KeyId: string) {
    const { Policy } = await kms().send(new GetKeyPolicyCommand({ KeyId, PolicyName: "default" }));
    return Object.fromEntries(statementsOf(Policy).map((statement) => [statement.Sid ?? "", statement]));
  }

  test.each(["payments-data", "payments-messaging"])(
    "the key %s is symmetric, rotates, and leaves the rest to IAM",
    async (base) => {
      const KeyId = await keyOf(base);
      const { KeyMetadata } = await kms().send(new DescribeKeyCommand({ KeyId }));
      expect(KeyMetadata).toMatchObject({ KeySpec: "SYMMETRIC_DEFAULT", KeyUsage: "ENCRYPT_DECRYPT", Enabled: true });
      const { KeyRotationEnabled } = await kms().send(new GetKeyRotationStatusCommand({ KeyId }));
      expect(KeyRotationEnabled).toBe(true);
      const { DelegateToIam } = await keyPolicy(KeyId);
      expect(DelegateToIam).toMatchObject({
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${moto.account}:root` },
        Action: ["kms:*"],
      });
    },
  );

  test("only services of AWS that act for this account use the messaging key by themselves", async () => {
    const { EventBridge, Alarms, Logs, ...others } = await keyPolicy(await keyOf("payments-messaging"));
    expect(["DelegateToIam", "Topics"]).toEqual(expect.arrayContaining(Object.keys(others)));
    expect(EventBridge).toMatchObject({
      Principal: { Service: "events.amazonaws.com" },
      Condition: { StringEquals: { "aws:SourceAccount": moto.account } },
    });
    expect(Alarms).toMatchObject({
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Condition: { ArnLike: { "aws:SourceArn": arn("cloudwatch", "alarm:*") } },
    });
    expect(Logs).toMatchObject({
      Principal: { Service: `logs.${moto.region}.amazonaws.com` },
      Condition: {
        ArnLike: { "kms:EncryptionContext:aws:logs:arn": expect.stringContaining(arn("logs", "log-group:*")) },
      },
    });
  });

  async function inlinePolicies() {
    const { Roles = [] } = await iam().send(new ListRolesCommand({}));
    const policies = Roles.map(async ({ RoleName = "", AssumeRolePolicyDocument }) => {
      const { PolicyNames = [] } = await iam().send(new ListRolePoliciesCommand({ RoleName }));
      const documents = PolicyNames.map((PolicyName) => iam().send(new GetRolePolicyCommand({ RoleName, PolicyName })));
      const statements = (await Promise.all(documents)).flatMap(({ PolicyDocument }) => statementsOf(PolicyDocument));
      return { role: RoleName, trust: statementsOf(AssumeRolePolicyDocument), statements };
    });
    return Promise.all(policies);
  }

  test("every role is taken by one service", async () => {
    const { named } = deployed();
    const services = (await inlinePolicies()).map(({ role, trust }) => [
      role,
      trust.map(({ Principal, Action }) => [listed(Action), Principal]),
    ]);
    const takenBy = (service: string) => [[["sts:AssumeRole"], { Service: service }]];
    expect(Object.fromEntries(services)).toEqual({
      [named.role("api-gateway-logs")]: takenBy("apigateway.amazonaws.com"),
      ...Object.fromEntries(
        (Object.keys(lambdas) as LambdaName[]).map((name) => [named.lambda(name), takenBy("lambda.amazonaws.com")]),
      ),
      [named.stateMachines.transactionWorkflow]: takenBy("states.amazonaws.com"),
      [named.stateMachines.highValueReview]: takenBy("states.amazonaws.com"),
      [named.stateMachines.dailyArchive]: takenBy("states.amazonaws.com"),
      [named.role("run-webhook-reconciliation")]: takenBy("states.amazonaws.com"),
      ...Object.fromEntries(
        ["daily-archive", "webhook-reconciliation", "decision-sweep", "dead-letter-copy"].map((started) => [
          named.role(`start-${started}`),
          takenBy("scheduler.amazonaws.com"),
        ]),
      ),
      [named.role("medium-value-to-transaction-workflow")]: takenBy("events.amazonaws.com"),
      [named.role("high-value-to-high-value-review")]: takenBy("events.amazonaws.com"),
    });
  });

  test("whatever a role's policy names is there, in this environment", async () => {
    const existing = await existingArns(deployed().client);
    const policies = await inlinePolicies();
    const named = policies.flatMap(({ role, statements }) =>
      statements.flatMap(({ Resource }) => listed(Resource).map((resource) => ({ role, resource }))),
    );
    const concrete = named.filter(({ resource }) => resource !== "*");
    expect(concrete.length).toBeGreaterThan(policies.length);
    const isThere = (resource: string) =>
      existing.some((each) => resource === each || resource === `${each}:*` || resource.startsWith(`${each}/`));
    expect(concrete.filter(({ resource }) => !isThere(resource))).toEqual([]);
  });

  test("the role of webhook-dedup may record, publish and take from its queue, and no more", async () => {
    const { named } = deployed();
    const role = (await inlinePolicies()).find((each) => each.role === named.lambda("webhook-dedup"));
    const granted = (role?.statements ?? []).flatMap(({ Action, Resource }) =>
      listed(Action).flatMap((action) => listed(Resource).map((resource) => `${action} ${resource}`)),
    );
    const ofQueues = granted.filter((grant) => !/^(kms|logs|xray):/.test(grant));
    expect(ofQueues.sort()).toEqual(
      [
        `dynamodb:GetItem ${arn("dynamodb", `table/${named.tables.processedWebhooks}`)}`,
        `dynamodb:UpdateItem ${arn("dynamodb", `table/${named.tables.processedWebhooks}`)}`,
        `dynamodb:PutItem ${arn("dynamodb", `table/${named.tables.transactions}`)}`,
        `events:PutEvents ${arn("events", `event-bus/${named.bus}`)}`,
        `sqs:ReceiveMessage ${arn("sqs", named.queues.webhookEvents)}`,
        `sqs:DeleteMessage ${arn("sqs", named.queues.webhookEvents)}`,
        `sqs:GetQueueAttributes ${arn("sqs", named.queues.webhookEvents)}`,
        `sqs:SendMessage ${arn("sqs", named.dlq("webhook-events"))}`,
      ].sort(),
    );
  });

  test("only API Gateway's log role has a policy of AWS's own", async () => {
    const { named } = deployed();
    const { Roles = [] } = await iam().send(new ListRolesCommand({}));
    const attached = Roles.map(async ({ RoleName = "" }) => {
      const { AttachedPolicies = [] } = await iam().send(new ListAttachedRolePoliciesCommand({ RoleName }));
      return AttachedPolicies.map(({ PolicyName }) => `${RoleName}: ${PolicyName}`);
    });
    expect((await Promise.all(attached)).flat()).toEqual([
      `${named.role("api-gateway-logs")}: AmazonAPIGatewayPushToCloudWatchLogs`,
    ]);
  });
}
