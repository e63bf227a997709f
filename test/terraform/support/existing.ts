/** Lists, through the SDK, what there is in moto's account: what roles may name, and what a destroy has to remove. */
import { APIGatewayClient, GetRestApisCommand } from "@aws-sdk/client-api-gateway";
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  DescribeQueryDefinitionsCommand,
  DescribeResourcePoliciesCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { DescribeRepositoriesCommand, ECRClient } from "@aws-sdk/client-ecr";
import { EventBridgeClient, ListEventBusesCommand } from "@aws-sdk/client-eventbridge";
import { IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import { DescribeKeyCommand, KMSClient, ListAliasesCommand, ListKeysCommand } from "@aws-sdk/client-kms";
import { LambdaClient, ListEventSourceMappingsCommand, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { ListSecretsCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { ListStateMachinesCommand, SFNClient } from "@aws-sdk/client-sfn";
import { ListSubscriptionsCommand, ListTopicsCommand, SNSClient } from "@aws-sdk/client-sns";
import { ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { arn, type Deployed } from "./deployed.ts";
import { moto } from "./terraform-run.ts";

type Client = Deployed["client"];
type Names = readonly (string | undefined)[];

/** Terraform's type → ARNs (names, where there is none) of all that moto has of it, AWS's own left out. */
const lists: Readonly<Record<string, (client: Client) => Promise<Names>>> = {
  aws_api_gateway_rest_api: async (client) => {
    const { items = [] } = await new APIGatewayClient(client).send(new GetRestApisCommand({}));
    return items.map(({ name }) => name);
  },
  aws_athena_workgroup: async (client) => {
    const groups = await namesIn(client, "athena", "AmazonAthena.ListWorkGroups", "WorkGroups");
    return groups.filter((name) => name !== "primary");
  },
  aws_budgets_budget: budgets,
  aws_cloudwatch_composite_alarm: (client) =>
    monitored(client, "DescribeAlarms", "AlarmArn", { "AlarmTypes.member.1": "CompositeAlarm" }),
  aws_cloudwatch_dashboard: (client) => monitored(client, "ListDashboards", "DashboardArn"),
  aws_cloudwatch_event_bus: async (client) => {
    const { EventBuses = [] } = await new EventBridgeClient(client).send(new ListEventBusesCommand({}));
    return EventBuses.filter(({ Name }) => Name !== "default").map(({ Arn }) => Arn);
  },
  aws_cloudwatch_log_group: async (client) => {
    const { logGroups = [] } = await new CloudWatchLogsClient(client).send(new DescribeLogGroupsCommand({}));
    return logGroups.map(({ arn: each }) => each?.replace(/:\*$/, ""));
  },
  aws_cloudwatch_log_resource_policy: async (client) => {
    const { resourcePolicies = [] } = await new CloudWatchLogsClient(client).send(
      new DescribeResourcePoliciesCommand({}),
    );
    return resourcePolicies.map(({ policyName }) => policyName);
  },
  aws_cloudwatch_metric_alarm: (client) => monitored(client, "DescribeAlarms", "AlarmArn"),
  aws_cloudwatch_query_definition: async (client) => {
    const { queryDefinitions = [] } = await new CloudWatchLogsClient(client).send(
      new DescribeQueryDefinitionsCommand({}),
    );
    return queryDefinitions.map(({ name }) => name);
  },
  aws_dynamodb_table: async (client) => {
    const { TableNames = [] } = await new DynamoDBClient(client).send(new ListTablesCommand({}));
    return TableNames.map((name) => arn("dynamodb", `table/${name}`));
  },
  aws_ecr_repository: async (client) => {
    const { repositories = [] } = await new ECRClient(client).send(new DescribeRepositoriesCommand({}));
    return repositories.map(({ repositoryArn }) => repositoryArn);
  },
  aws_glue_catalog_database: async (client) => namesIn(client, "glue", "AWSGlue.GetDatabases", "DatabaseList"),
  aws_iam_role: async (client) => {
    const { Roles = [] } = await new IAMClient(client).send(new ListRolesCommand({}));
    return Roles.map(({ Arn }) => Arn);
  },
  aws_kms_alias: async (client) => {
    const { Aliases = [] } = await new KMSClient(client).send(new ListAliasesCommand({}));
    return Aliases.filter(({ AliasName }) => !AliasName?.startsWith("alias/aws/")).map(({ AliasArn }) => AliasArn);
  },
  aws_kms_key: keys,
  aws_lambda_event_source_mapping: async (client) => {
    const { EventSourceMappings = [] } = await new LambdaClient(client).send(new ListEventSourceMappingsCommand({}));
    return EventSourceMappings.map(({ UUID }) => UUID);
  },
  aws_lambda_function: async (client) => {
    const { Functions = [] } = await new LambdaClient(client).send(new ListFunctionsCommand({}));
    return Functions.map(({ FunctionArn }) => FunctionArn);
  },
  aws_s3_bucket: async (client) => {
    const { Buckets = [] } = await new S3Client({ ...client, forcePathStyle: true }).send(new ListBucketsCommand({}));
    return Buckets.map(({ Name }) => `arn:aws:s3:::${Name}`);
  },
  // Terraform deletes with notice where the environment says so: a secret that waits for its end isn't listed.
  aws_secretsmanager_secret: async (client) => {
    const { SecretList = [] } = await new SecretsManagerClient(client).send(new ListSecretsCommand({}));
    return SecretList.map(({ ARN }) => ARN);
  },
  aws_sfn_state_machine: async (client) => {
    const { stateMachines = [] } = await new SFNClient(client).send(new ListStateMachinesCommand({}));
    return stateMachines.map(({ stateMachineArn }) => stateMachineArn);
  },
  aws_sns_topic: async (client) => {
    const { Topics = [] } = await new SNSClient(client).send(new ListTopicsCommand({}));
    return Topics.map(({ TopicArn }) => TopicArn);
  },
  aws_sns_topic_subscription: async (client) => {
    const { Subscriptions = [] } = await new SNSClient(client).send(new ListSubscriptionsCommand({}));
    return Subscriptions.map(({ SubscriptionArn }) => SubscriptionArn);
  },
  aws_sqs_queue: async (client) => {
    const { QueueUrls = [] } = await new SQSClient(client).send(new ListQueuesCommand({}));
    return QueueUrls.map((url) => arn("sqs", url.slice(url.lastIndexOf("/") + 1)));
  },
  aws_scheduler_schedule_group: scheduleGroups,
  aws_wafv2_web_acl: firewalls,
  aws_xray_group: async (client) => namesOfTraces(client, "Groups", ({ Groups }) => Groups),
  aws_xray_sampling_rule: async (client) =>
    namesOfTraces(client, "GetSamplingRules", ({ SamplingRuleRecords }) => SamplingRuleRecords),
};

/** Types whose resources live and end with another's. Why, where that isn't plain from their names. */
const parts: readonly RegExp[] = [
  // Of a work group.
  /^aws_athena_named_query$/,
  /^aws_api_gateway_(deployment|gateway_response|integration|method|method_settings|resource|stage)$/,
  // A setting of the account that the provider leaves behind on purpose: other teams' APIs log by it, too.
  /^aws_api_gateway_account$/,
  /^aws_cloudwatch_event_(rule|target)$/,
  /^aws_cloudwatch_log_metric_filter$/,
  /^aws_ecr_lifecycle_policy$/,
  /^aws_glue_catalog_table$/,
  /^aws_iam_role_policy(_attachment)?$/,
  /^aws_lambda_(alias|permission|provisioned_concurrency_config)$/,
  /^aws_s3_bucket_\w+$/,
  // Of a schedule group.
  /^aws_scheduler_schedule$/,
  /^aws_sns_topic_policy$/,
  /^aws_sqs_queue_policy$/,
  /^aws_wafv2_web_acl_association$/,
];

/** Of `types`, those of which nothing here knows how to tell whether any is left. */
export function unlistedTypes(types: readonly string[]): readonly string[] {
  return types.filter((type) => !(type in lists) && !parts.some((part) => part.test(type)));
}

/** Everything that there is, by Terraform's type; types of which there is nothing are left out. */
export async function existing(client: Client): Promise<Readonly<Record<string, Names>>> {
  const listed = Object.entries(lists).map(async ([type, list]) => [type, await list(client)] as const);
  return Object.fromEntries((await Promise.all(listed)).filter(([, names]) => names.length > 0));
}

export async function existingArns(client: Client): Promise<readonly string[]> {
  return Object.values(await existing(client))
    .flat()
    .filter((name) => name?.startsWith("arn:")) as string[];
}

/** Keys that aren't AWS's own (by their alias) and aren't on their way out: KMS deletes only after days of notice. */
async function keys(client: Client): Promise<Names> {
  const kms = new KMSClient(client);
  const { Aliases = [] } = await kms.send(new ListAliasesCommand({}));
  const awsOwn = Aliases.filter(({ AliasName }) => AliasName?.startsWith("alias/aws/")).map(
    ({ TargetKeyId }) => TargetKeyId,
  );
  const { Keys = [] } = await kms.send(new ListKeysCommand({}));
  const described = await Promise.all(Keys.map(({ KeyId }) => kms.send(new DescribeKeyCommand({ KeyId }))));
  return described.flatMap(({ KeyMetadata }) =>
    awsOwn.includes(KeyMetadata?.KeyId) || KeyMetadata?.KeyState === "PendingDeletion" ? [] : KeyMetadata?.Arn,
  );
}

/** The ARNs that an action of CloudWatch lists as elements of that name. */
async function monitored(
  { endpoint, region }: Client,
  action: string,
  element: string,
  narrowed: Readonly<Record<string, string>> = {},
): Promise<Names> {
  const form = new URLSearchParams({ Action: action, Version: "2010-08-01", ...narrowed });
  const type = "application/x-www-form-urlencoded";
  const answer = await askByHand(endpoint, `${region}/monitoring`, form.toString(), { "content-type": type });
  return [...answer.matchAll(new RegExp(`<${element}>([^<]+)</${element}>`, "g"))].map(([, name]) => name);
}

async function budgets({ endpoint, region }: Client): Promise<Names> {
  const target = "AWSBudgetServiceGateway.DescribeBudgets";
  const body = JSON.stringify({ AccountId: moto.account });
  const answer = await askByHand(endpoint, `${region}/budgets`, body, jsonCall(target));
  return (
    (JSON.parse(answer) as { Budgets?: { BudgetName: string }[] }).Budgets?.map(({ BudgetName }) => BudgetName) ?? []
  );
}

async function firewalls({ endpoint, region }: Client): Promise<Names> {
  const body = JSON.stringify({ Scope: "REGIONAL" });
  const answer = await askByHand(endpoint, `${region}/wafv2`, body, jsonCall("AWSWAF_20190729.ListWebACLs"));
  return (JSON.parse(answer) as { WebACLs: { ARN: string }[] }).WebACLs.map(({ ARN }) => ARN);
}

type Traced = Readonly<
  Record<string, readonly { readonly GroupARN?: string; readonly SamplingRule?: { RuleARN: string } }[]>
>;

async function namesOfTraces(
  { endpoint, region }: Client,
  path: string,
  listed: (answer: Traced) => Traced[string] | undefined,
): Promise<Names> {
  const answer = JSON.parse(await askByHand(`${endpoint}/${path}`, `${region}/xray`, "{}")) as Traced;
  return listed(answer)?.map(({ GroupARN, SamplingRule }) => GroupARN ?? SamplingRule?.RuleARN) ?? [];
}

async function scheduleGroups({ endpoint, region }: Client): Promise<Names> {
  const answer = await askByHand(`${endpoint}/schedule-groups`, `${region}/scheduler`);
  const { ScheduleGroups } = JSON.parse(answer) as { ScheduleGroups: { Name: string }[] };
  return ScheduleGroups.map(({ Name }) => Name).filter((name) => name !== "default");
}

/** What a call without input lists under `member`: names, or what has one. */
async function namesIn({ endpoint, region }: Client, service: string, target: string, member: string): Promise<Names> {
  const answer = JSON.parse(await askByHand(endpoint, `${region}/${service}`, "{}", jsonCall(target))) as object;
  const listed = (answer as Record<string, readonly (string | { readonly Name: string })[]>)[member] ?? [];
  return listed.map((each) => (typeof each === "string" ? each : each.Name));
}

function jsonCall(target: string): Readonly<Record<string, string>> {
  return { "content-type": "application/x-amz-json-1.1", "x-amz-target": target };
}

/**
 * Asks services whose clients no other part of the project needs. moto takes the service from the signature's scope, and
 * checks no signature. Without a body it is a GET.
 */
async function askByHand(
  url: string,
  scope: string,
  body?: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<string> {
  const authorization = `AWS4-HMAC-SHA256 Credential=test/20260101/${scope}/aws4_request`;
  const how = body === undefined ? { method: "GET" } : { method: "POST", body };
  const response = await fetch(url, { ...how, headers: { ...headers, authorization } });
  if (!response.ok) throw new Error(`${scope} answered ${response.status}: ${await response.text()}`);
  return response.text();
}
