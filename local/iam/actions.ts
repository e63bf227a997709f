/**
 * Which permissions a call needs: for each operation that the runtime serves, the IAM actions and the resources.
 * An operation without an entry is refused by name, never let through.
 */
import { AwsError, type ServiceName } from "../aws/types.ts";
import { lambda, states } from "./operations/compute.ts";
import { dynamodb } from "./operations/dynamodb.ts";
import { kms } from "./operations/keys.ts";
import { events, sns, sqs } from "./operations/messaging.ts";
import { monitoring } from "./operations/monitoring.ts";
import type { Input, OperationTable, Requirement, Scope } from "./operations/operation.ts";
import { s3 } from "./operations/s3.ts";
import { logs, secretsmanager } from "./operations/storage.ts";
import { xray } from "./operations/traces.ts";

const services: Readonly<Record<ServiceName, OperationTable>> = {
  dynamodb,
  sqs,
  sns,
  s3,
  events,
  states,
  lambda,
  secretsmanager,
  logs,
  kms,
  monitoring,
  // Nobody needs a permission to learn who they are.
  sts: { GetCallerIdentity: { actions: [], requires: () => [] } },
  xray,
};

/**
 * @param input as the SDK's command has it; for S3 as `s3RequestOf` reads it from the request.
 * @throws AwsError NotImplemented (501) for an operation without an entry; ValidationException when the input lacks
 *   what names the resource.
 */
export function requirementsOf(
  service: ServiceName,
  operation: string,
  input: Input,
  scope: Scope,
): readonly Requirement[] {
  const entry = Object.hasOwn(services[service], operation) ? services[service][operation] : undefined;
  if (!entry) {
    const problem = `The local runtime doesn't know which permissions ${service} ${operation} needs`;
    throw new AwsError("NotImplemented", `${problem}; local/iam/operations lists those it knows.`, { status: 501 });
  }
  const requirements = entry.requires(input, scope);
  // An empty batch would otherwise need nothing and pass.
  if (requirements.length === 0 && entry.actions.length > 0) {
    throw new AwsError("ValidationException", `The ${service} ${operation} request names no resource.`);
  }
  return requirements;
}

/** Every operation with the actions that it may need. */
export function operationActions(): readonly { service: ServiceName; operation: string; actions: readonly string[] }[] {
  return Object.entries(services).flatMap(([service, table]) =>
    Object.entries(table).map(([operation, { actions }]) => ({
      service: service as ServiceName,
      operation,
      actions,
    })),
  );
}
