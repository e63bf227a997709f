/** Who may do what, from every policy in the Terraform. */
import { localAccount, localRegion } from "../aws/types.ts";
import { type Authorizer, createAuthorizer } from "../iam/authorizer.ts";
import type { PolicyDocument } from "../iam/policy.ts";
import { block, blocks } from "../terraform/block.ts";
import type { ResolvedResource } from "../terraform/resolve.ts";
import { blockText, type Inventory, optionalText, text } from "./inventory.ts";

export function authorizerOf(inventory: Inventory, now: () => number): Authorizer {
  const keys = encryptionKeys(inventory);
  const secrets = inventory.ofType("aws_secretsmanager_secret");
  const secretArns = new Map(secrets.map((secret) => [text(secret, "name"), text(secret, "arn")]));
  return createAuthorizer({
    rolePolicies: rolePolicies(inventory),
    trustPolicies: new Map(
      inventory.ofType("aws_iam_role").map((role) => [text(role, "arn"), text(role, "assume_role_policy")]),
    ),
    resourcePolicies: resourcePolicies(inventory),
    keyPolicies: new Map(
      inventory.ofType("aws_kms_key").flatMap((key) => {
        const policy = optionalText(key, "policy");
        return policy === undefined ? [] : [[text(key, "arn"), policy] as const];
      }),
    ),
    kmsKeyOf: (arn) => keys.get(arn),
    secretArnOf: (name) => secretArns.get(name),
    account: localAccount,
    region: localRegion,
    now,
  });
}

/**
 * For what AWS checks when it creates a resource, and `terraform apply` fails with.
 * @throws Error that names the resource, when `authorize` throws
 */
export function requirePermission(resource: ResolvedResource, authorize: () => void): void {
  try {
    authorize();
  } catch (error) {
    throw new Error(`${resource.address}: ${(error as Error).message}`);
  }
}

function rolePolicies(inventory: Inventory): Map<string, PolicyDocument[]> {
  const byRole = new Map<string, PolicyDocument[]>();
  const names = new Map(inventory.ofType("aws_iam_role").map((role) => [text(role, "name"), text(role, "arn")]));
  for (const arn of names.values()) byRole.set(arn, []);
  for (const policy of inventory.ofType("aws_iam_role_policy")) {
    const arn = names.get(text(policy, "role"));
    if (arn !== undefined) byRole.get(arn)?.push(text(policy, "policy"));
  }
  return byRole;
}

/** Policies of queues, topics, buckets, functions and log groups, by the ARN of what they are about. */
function resourcePolicies(inventory: Inventory): Map<string, PolicyDocument[]> {
  const policies = new Map<string, PolicyDocument[]>();
  const add = (arn: string | undefined, policy: PolicyDocument) => {
    if (arn !== undefined) policies.set(arn, [...(policies.get(arn) ?? []), policy]);
  };
  const queueArns = new Map(inventory.ofType("aws_sqs_queue").map((queue) => [text(queue, "url"), text(queue, "arn")]));
  for (const policy of inventory.ofType("aws_sqs_queue_policy"))
    add(queueArns.get(text(policy, "queue_url")), text(policy, "policy"));
  for (const policy of inventory.ofType("aws_sns_topic_policy")) add(text(policy, "arn"), text(policy, "policy"));
  for (const policy of inventory.ofType("aws_s3_bucket_policy"))
    add(`arn:aws:s3:::${text(policy, "bucket")}`, text(policy, "policy"));
  for (const policy of inventory.ofType("aws_cloudwatch_log_resource_policy")) {
    add(`arn:aws:logs:${localRegion}:${localAccount}:log-group:*`, text(policy, "policy_document"));
  }
  for (const permission of inventory.ofType("aws_lambda_permission")) {
    const name = text(permission, "function_name");
    const functionArn = name.startsWith("arn:")
      ? name
      : `arn:aws:lambda:${localRegion}:${localAccount}:function:${name}`;
    const qualifier = optionalText(permission, "qualifier");
    add(
      functionArn,
      lambdaPermission(
        qualifier === undefined ? functionArn : `${functionArn}:${qualifier}`,
        text(permission, "action"),
        text(permission, "principal"),
        optionalText(permission, "source_arn"),
      ),
    );
  }
  return policies;
}

/** The statement that Lambda's AddPermission writes. */
function lambdaPermission(functionArn: string, action: string, service: string, sourceArn: string | undefined): string {
  const condition = sourceArn === undefined ? {} : { Condition: { ArnLike: { "AWS:SourceArn": sourceArn } } };
  const statement = {
    Effect: "Allow",
    Principal: { Service: service },
    Action: action,
    Resource: functionArn,
    ...condition,
  };
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}

/** Resource ARN → ARN of the customer-managed key that encrypts it. */
function encryptionKeys(inventory: Inventory): Map<string, string> {
  const keys = new Map<string, string>();
  const note = (arn: string, key: string | undefined) => {
    if (key?.startsWith("arn:aws:kms:") && !key.includes(":alias/aws/")) keys.set(arn, key);
  };
  for (const type of ["aws_sqs_queue", "aws_sns_topic"]) {
    for (const resource of inventory.ofType(type))
      note(text(resource, "arn"), optionalText(resource, "kms_master_key_id"));
  }
  for (const table of inventory.ofType("aws_dynamodb_table")) {
    note(text(table, "arn"), blockText(table.config, "server_side_encryption", "kms_key_arn"));
  }
  for (const secret of inventory.ofType("aws_secretsmanager_secret"))
    note(text(secret, "arn"), optionalText(secret, "kms_key_id"));
  for (const encryption of inventory.ofType("aws_s3_bucket_server_side_encryption_configuration")) {
    for (const rule of blocks(encryption.config, "rule")) {
      const key = block(rule, "apply_server_side_encryption_by_default")?.kms_master_key_id;
      note(`arn:aws:s3:::${text(encryption, "bucket")}`, key === undefined ? undefined : String(key));
    }
  }
  return keys;
}
