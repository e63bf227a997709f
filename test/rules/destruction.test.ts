/** What an environment may lose goes with `destroy`, and nothing else does. */
import { isDeepStrictEqual } from "node:util";
import { add, argumentsOf, change, lastOf, set } from "./broken.ts";
import { describeRules } from "./rule.ts";
import {
  anyOfType,
  breaking,
  environmentOf,
  everyEnvironment,
  everyResource,
  ofType,
  referred,
  type StackResource,
} from "./stacks.ts";

const holdingData = ["aws_dynamodb_table", "aws_s3_bucket", "aws_kms_key", "aws_secretsmanager_secret"];
const lock = "aws_s3_bucket_object_lock_configuration";

/** What an argument is where the environment can be destroyed, and where it can't. */
const byDestroyable = [
  ["aws_s3_bucket", "force_destroy", true, false],
  ["aws_ecr_repository", "force_delete", true, false],
  ["aws_secretsmanager_secret", "recovery_window_in_days", 0, 30],
  ["aws_kms_key", "deletion_window_in_days", 7, 30],
  ["aws_dynamodb_table", "deletion_protection_enabled", false, true],
] as const;

const refusesDestroy = ({ config }: StackResource) =>
  (config.lifecycle as { prevent_destroy?: boolean } | undefined)?.prevent_destroy === true;

const isDestroyable = ({ stack }: StackResource) => environmentOf(stack).destroyable;
const isProd = ({ stack }: StackResource) => stack.endsWith("-prod");
const isDev = ({ stack }: StackResource) => stack.endsWith("-dev");

describeRules("destroy", {
  "is refused by what holds data, where it has to stay": {
    rule: (stacks) =>
      holdingData.flatMap((type) =>
        breaking(stacks, type, (resource) => !isDestroyable(resource) && !refusesDestroy(resource)),
      ),
    broken: {
      "when a table of prod goes": set("aws_dynamodb_table", { lifecycle: { prevent_destroy: false } }, isProd),
    },
  },

  "is refused by nothing else": {
    rule: (stacks) =>
      everyResource(stacks)
        .filter((resource) => refusesDestroy(resource))
        .filter((resource) => isDestroyable(resource) || !holdingData.includes(resource.type))
        .map(({ place }) => place),
    broken: {
      "when a bucket of dev stays": set("aws_s3_bucket", { lifecycle: { prevent_destroy: true } }, isDev),
      "when a queue of prod stays": set("aws_sqs_queue", { lifecycle: { prevent_destroy: true } }, isProd),
    },
  },

  ...Object.fromEntries(
    byDestroyable.map(([type, argument, destroyed, kept]) => [
      `finds every ${type} with the ${argument} that its environment says`,
      {
        rule: (stacks) =>
          breaking(stacks, type, (resource) => {
            return resource.config[argument] !== (isDestroyable(resource) ? destroyed : kept);
          }),
        broken: {
          "when one of prod has dev's": set(type, { [argument]: destroyed }, isProd),
          "when one of dev has prod's": set(type, { [argument]: kept }, isDev),
        },
      } satisfies Parameters<typeof describeRules>[1][string],
    ]),
  ),

  "takes the content of nothing but buckets, repositories and saved queries": {
    rule: (stacks) =>
      everyResource(stacks)
        .filter(({ config }) => config.force_destroy === true || config.force_delete === true)
        .filter(({ type }) => !["aws_s3_bucket", "aws_ecr_repository", "aws_athena_workgroup"].includes(type))
        .map(({ place }) => place),
    broken: { "when it takes a vault's": add("data-dev", "aws_backup_vault", { force_destroy: true }) },
  },
});

describeRules("object lock", {
  "is on the archive of just those environments that say so, for their days": {
    rule: (stacks) => {
      const locks = anyOfType(stacks, lock);
      return everyEnvironment
        .filter(({ name, objectLock }) => {
          const own = locks.filter(({ stack }) => stack === `data-${name}`).map(({ config }) => config.rule);
          const wanted = objectLock === undefined ? [] : [{ default_retention: objectLock }];
          return !isDeepStrictEqual(own, wanted);
        })
        .map(({ name }) => name);
    },
    broken: {
      "when the days are others": (stacks) => {
        argumentsOf(lastOf(stacks, lock)).rule = { default_retention: { mode: "GOVERNANCE", days: 1 } };
        return "prod";
      },
      "when another environment has one": (stacks) => {
        add("data-dev", lock, {})(stacks);
        return "dev";
      },
    },
  },

  "is on versioned buckets that `destroy` doesn't empty": {
    rule: (stacks) => {
      const versioned = ofType(stacks, "aws_s3_bucket_versioning").map(
        (versioning) => referred(stacks, versioning, versioning.config.bucket)?.place,
      );
      return anyOfType(stacks, lock)
        .filter((each) => {
          const bucket = referred(stacks, each, each.config.bucket);
          const { object_lock_enabled: enabled, force_destroy: forced } = bucket?.config ?? {};
          const isKept = bucket !== undefined && refusesDestroy(bucket) && forced === false;
          return !isKept || enabled !== true || !versioned.includes(bucket.place);
        })
        .map(({ place }) => place);
    },
    broken: {
      "when it would be emptied": (stacks) => {
        const locking = lastOf(stacks, lock);
        const bucket = referred(stacks, locking, locking.config.bucket);
        if (bucket !== undefined) argumentsOf(bucket).force_destroy = true;
        return locking.place;
      },
      "when it lies on no bucket": change(lock, (config) => delete config.bucket),
    },
  },
});
