/** What a stack's state tells before anything is done. */
import * as v from "valibot";

export interface RecordedState {
  /** Whether it has any resource. */
  readonly isEmpty: boolean;
  /** Account that it was recorded for; absent before the first successful plan was applied. */
  readonly accountId?: string | undefined;
  /** Addresses of resources whose creation was cut off, and which can be completed instead of replaced. */
  readonly cutOff: readonly string[];
}

const stateSchema = v.object({
  resources: v.array(
    v.object({
      mode: v.string(),
      type: v.string(),
      name: v.optional(v.string(), ""),
      instances: v.array(
        v.object({
          attributes: v.optional(v.looseObject({})),
          status: v.optional(v.string()),
          index_key: v.optional(v.unknown()),
          dependencies: v.optional(v.array(v.string()), []),
        }),
      ),
    }),
  ),
});

/**
 * Types that hold what can't be made again, and whose every argument Terraform reads back from AWS: of what was cut off
 * it finds out by itself which settings are missing, and makes up for them.
 */
const completable: ReadonlySet<string> = new Set([
  "aws_cloudwatch_log_group",
  "aws_dynamodb_table",
  "aws_ecr_repository",
  "aws_kms_key",
  "aws_s3_bucket",
  "aws_secretsmanager_secret",
  "aws_sqs_queue",
]);

/**
 * @param text as "terraform state pull" prints it; empty where there is none yet
 * @throws Error when it isn't a state
 */
export function readState(text: string): RecordedState {
  if (text.trim() === "") return { isEmpty: true, cutOff: [] };
  const { resources } = v.parse(stateSchema, JSON.parse(text));
  const identity = resources.find(({ mode, type }) => mode === "data" && type === "aws_caller_identity");
  const accountId = identity?.instances[0]?.attributes?.account_id;
  const instances = resources.flatMap(({ instances: all }) => all);
  const needed = new Set(instances.flatMap(({ dependencies }) => dependencies));
  const cutOff = resources
    .filter(({ type, instances: all }) => completable.has(type) && all.length === 1 && isTainted(all[0]))
    .map(({ type, name }) => `${type}.${name}`)
    // What has dependents was whole once: somebody has tainted it by hand and wants it replaced.
    .filter((address) => !needed.has(address));
  return {
    isEmpty: !resources.some(({ mode }) => mode === "managed"),
    ...(typeof accountId === "string" ? { accountId } : {}),
    cutOff,
  };
}

type Instance = v.InferOutput<typeof stateSchema>["resources"][number]["instances"][number];

function isTainted(instance: Instance | undefined): boolean {
  return instance?.status === "tainted" && instance.index_key === undefined;
}
