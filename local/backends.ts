/** What plays each AWS service at the endpoint: an emulator, or a service of ours. */
import { randomUUID } from "node:crypto";
import type { Parts } from "./assembly.ts";
import type { Backend, Backends } from "./aws/backends.ts";
import { AwsError } from "./aws/types.ts";
import type { Authorizer } from "./iam/authorizer.ts";
import type { Inventory } from "./resources/inventory.ts";
import { kmsKeysOf } from "./resources/schedules-and-keys.ts";
import { secretsOf } from "./secrets.ts";
import type { CloudWatchService } from "./services/cloudwatch/service.ts";
import { observed } from "./services/cloudwatch/service-metrics/observed.ts";
import type { ServiceMetrics } from "./services/cloudwatch/service-metrics/service-metrics.ts";
import { dynamoDbBackend } from "./services/dynamodb/backend.ts";
import { createKmsService } from "./services/kms/service.ts";
import type { LogsService } from "./services/logs/service.ts";
import type { Operations } from "./services/operation.ts";
import { s3Backend } from "./services/s3/backend.ts";
import type { ObjectStore } from "./services/s3/store.ts";
import { createSecretsService } from "./services/secretsmanager/service.ts";
import { snsBackend } from "./services/sns/backend.ts";
import { sqsBackend } from "./services/sqs/backend.ts";
import { stsBackend } from "./services/sts/backend.ts";

/** What is built before the backends. */
interface Played {
  readonly inventory: Inventory;
  readonly authorizer: Authorizer;
  readonly objects: ObjectStore;
  readonly logs: LogsService;
  readonly cloudwatch: CloudWatchService;
  readonly told: ServiceMetrics;
  /** By name; the values that are put while it runs go there, too. */
  readonly secrets: Map<string, string>;
}

/** All but `events`, `states` and `lambda`, which make calls themselves and so begin after the endpoint. */
export function backendsOf(
  { clock, state, database, fauxqs, meter }: Pick<Parts, "clock" | "state" | "database" | "fauxqs" | "meter">,
  { inventory, authorizer, objects, logs, cloudwatch, told, secrets }: Played,
): { -readonly [Service in keyof Backends]?: Backend } {
  return {
    dynamodb: observed(dynamoDbBackend(database, meter), told.dynamodb),
    sqs: observed(sqsBackend(fauxqs, clock), told.sqs.ended),
    sns: observed(snsBackend(fauxqs), told.sns),
    s3: s3Backend(objects, (principal, bucket) =>
      authorizer.authorize(principal, "s3", "ListObjectsV2", { Bucket: bucket }),
    ),
    kms: served(
      createKmsService({
        keys: kmsKeysOf(inventory),
        kept: state.signingKeys,
        persist: state.saveSigningKey,
        now: clock.now,
      }).operations,
    ),
    sts: stsBackend,
    logs: served(logs.operations),
    monitoring: served(cloudwatch.operations),
    secretsmanager: served(
      createSecretsService({
        secrets: secretsOf(inventory),
        values: secrets,
        now: clock.now,
        newId: randomUUID,
        persist(name, value) {
          secrets.set(name, value);
          state.saveSecret(name, value);
        },
      }).operations,
    ),
  };
}

/** A backend of a service that runs here. */
export function served(operations: Operations): Backend {
  return {
    async call({ principal, operation, input, traceHeader }) {
      const run = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
      if (run === undefined) throw new AwsError("UnknownOperationException", `${operation} is not covered locally.`);
      return run(principal, input, traceHeader);
    },
  };
}
