/**
 * Secrets Manager and CloudWatch Logs. Source: Service Authorization Reference, "Actions, resources, and condition
 * keys" of AWS Secrets Manager and Amazon CloudWatch Logs.
 */
import {
  everything,
  type Input,
  itself,
  needs,
  type OperationTable,
  optionalText,
  type Requirement,
  type Scope,
  text,
} from "./operation.ts";

/**
 * IAM decides on the full ARN, with the six random characters at its end, also where the caller gives the name. A name
 * that no secret has is judged as it is, without them.
 * Source: Secrets Manager User Guide, "Permissions policy examples" (`secret:<name>-??????` for what is asked for by name).
 */
function secret(input: Input, { account, region, secretArnOf }: Scope) {
  const id = text(input, "SecretId");
  if (id.startsWith("arn:")) return itself(id);
  return itself(secretArnOf?.(id) ?? `arn:aws:secretsmanager:${region}:${account}:secret:${id}`);
}

export const secretsmanager: OperationTable = {
  GetSecretValue: needs("secretsmanager:GetSecretValue", secret),
  DescribeSecret: needs("secretsmanager:DescribeSecret", secret),
  PutSecretValue: needs("secretsmanager:PutSecretValue", secret),
  ListSecretVersionIds: needs("secretsmanager:ListSecretVersionIds", secret),
  UpdateSecretVersionStage: needs("secretsmanager:UpdateSecretVersionStage", secret),
  ListSecrets: needs("secretsmanager:ListSecrets", everything),
};

function logGroupArn(input: Input, { account, region }: Scope): string {
  const identifier = optionalText(input, "logGroupIdentifier");
  if (identifier?.startsWith("arn:")) return identifier.replace(/:\*$/, "");
  return `arn:aws:logs:${region}:${account}:log-group:${identifier ?? text(input, "logGroupName")}`;
}

/**
 * For a whole group, Logs asks IAM about the group's streams (`…:log-group:<name>:log-stream:`), so that only policies
 * whose ARN goes on after the name (`…:log-group:<name>:*`) cover it.
 */
function logGroup(input: Input, scope: Scope) {
  const owner = logGroupArn(input, scope);
  return { resource: `${owner}:log-stream:`, owner };
}

function logStream(input: Input, scope: Scope) {
  const owner = logGroupArn(input, scope);
  return { resource: `${owner}:log-stream:${text(input, "logStreamName")}`, owner };
}

/** A query needs the permission on each group that it is about. */
function queriedGroups(input: Input, scope: Scope): readonly Requirement[] {
  const identifiers = [input.logGroupName, input.logGroupNames, input.logGroupIdentifiers].flat();
  return identifiers
    .filter((one) => typeof one === "string")
    .map((logGroupIdentifier) => ({ action: "logs:StartQuery", ...logGroup({ logGroupIdentifier }, scope) }));
}

export const logs: OperationTable = {
  CreateLogGroup: needs("logs:CreateLogGroup", logGroup),
  CreateLogStream: needs("logs:CreateLogStream", logStream),
  PutLogEvents: needs("logs:PutLogEvents", logStream),
  GetLogEvents: needs("logs:GetLogEvents", logStream),
  FilterLogEvents: needs("logs:FilterLogEvents", logGroup),
  DescribeLogStreams: needs("logs:DescribeLogStreams", logGroup),
  DescribeLogGroups: needs("logs:DescribeLogGroups", everything),
  StartQuery: { actions: ["logs:StartQuery"], requires: queriedGroups },
  GetQueryResults: needs("logs:GetQueryResults", everything),
  StopQuery: needs("logs:StopQuery", everything),
  DescribeQueryDefinitions: needs("logs:DescribeQueryDefinitions", everything),
  // Nobody calls these here: a state machine's role needs them before its logs are delivered.
  CreateLogDelivery: needs("logs:CreateLogDelivery", everything),
  GetLogDelivery: needs("logs:GetLogDelivery", everything),
  UpdateLogDelivery: needs("logs:UpdateLogDelivery", everything),
  DeleteLogDelivery: needs("logs:DeleteLogDelivery", everything),
  ListLogDeliveries: needs("logs:ListLogDeliveries", everything),
  PutResourcePolicy: needs("logs:PutResourcePolicy", everything),
  DescribeResourcePolicies: needs("logs:DescribeResourcePolicies", everything),
};
