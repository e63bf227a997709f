/** Data is encrypted with our keys, travels over TLS alone and is closed to the public. */
import { add, argumentsOf, blockIn, change, changeStatement, lastOf, remove, set } from "./broken.ts";
import { allowing, type Statement, statementsIn } from "./policies.ts";
import { describeRules } from "./rule.ts";
import { breaking, everyResource, ofType, referred, referredIn, type StackResource, type Stacks } from "./stacks.ts";

/** What is kept encrypted, and the argument, or the block and its argument, that names the key. */
const encrypted: Readonly<Record<string, readonly [string, string?]>> = {
  aws_sqs_queue: ["kms_master_key_id"],
  aws_sns_topic: ["kms_master_key_id"],
  aws_cloudwatch_event_bus: ["kms_key_identifier"],
  aws_cloudwatch_log_group: ["kms_key_id"],
  aws_secretsmanager_secret: ["kms_key_id"],
  aws_dynamodb_table: ["server_side_encryption", "kms_key_arn"],
};

/** What else could be, by the same words: a new type has to join the list above. */
const keyArguments =
  /kms_|sqs_managed_sse_enabled|server_side_encryption|encryption_configuration|encrypted|at_rest_encryption/;

/** Types that say how they encrypt without a key of ours, and why. */
const otherwiseEncrypted: Readonly<Record<string, string>> = {
  aws_ecr_repository: "Images hold code and no data; AES-256 with ECR's own key.",
  aws_s3_bucket_server_side_encryption_configuration:
    "It is how a bucket has our key; the bucket has a rule of its own.",
};

const isKey = (stacks: Stacks, resource: StackResource, value: unknown) =>
  referred(stacks, resource, value)?.type === "aws_kms_key";

function keyOf({ type, config }: StackResource): unknown {
  const [argument = "", within] = encrypted[type] ?? [];
  return within === undefined ? config[argument] : (config[argument] as Record<string, unknown> | undefined)?.[within];
}

const bucketEncryption = "aws_s3_bucket_server_side_encryption_configuration";

/** Buckets under S3's own keys, which encrypt as well and can't be taken away, and why. */
const bucketsWithoutOurKey: Readonly<Record<string, string>> = {
  "archive-access-logs": "S3 writes access logs to no bucket under a key of ours.",
};

const isExcepted = ({ config }: StackResource) =>
  Object.keys(bucketsWithoutOurKey).some((base) => String(config.bucket).startsWith(`${base}-`));

const encrypts = ({ key_usage: usage = "ENCRYPT_DECRYPT" }: StackResource["config"]) => usage === "ENCRYPT_DECRYPT";

describeRules("encryption:", {
  ...Object.fromEntries(
    Object.entries(encrypted).map(([type, [argument]]) => [
      `every ${type} has a key of ours`,
      {
        rule: (stacks: Stacks) => breaking(stacks, type, (resource) => !isKey(stacks, resource, keyOf(resource))),
        broken: {
          "when one has none": change(type, (config) => delete config[argument]),
          "when one has AWS's": set(type, { [argument]: "alias/aws/owned" }),
        },
      },
    ]),
  ),

  "every bucket has a key of ours, and asks for it once": {
    rule: (stacks) => {
      const keyed = ofType(stacks, bucketEncryption).filter((encryption) => {
        const [rule] = (encryption.config.rule ?? []) as Record<string, Record<string, unknown>>[];
        const byDefault = rule?.apply_server_side_encryption_by_default;
        const isOurs = isKey(stacks, encryption, byDefault?.kms_master_key_id);
        return isOurs && byDefault?.sse_algorithm === "aws:kms" && Boolean(rule?.bucket_key_enabled);
      });
      const buckets = keyed.map((each) => referred(stacks, each, each.config.bucket)?.place);
      return breaking(stacks, "aws_s3_bucket", (bucket) => buckets.includes(bucket.place) === isExcepted(bucket));
    },
    broken: {
      "when one has AWS's": (stacks) => {
        const encryption = lastOf(stacks, bucketEncryption, ({ config }) => JSON.stringify(config).includes("aws:kms"));
        blockIn(argumentsOf(encryption), "rule").apply_server_side_encryption_by_default = { sse_algorithm: "AES256" };
        return String(referred(stacks, encryption, encryption.config.bucket)?.place);
      },
      "when one has none": remove(bucketEncryption, "bucket", ({ config }) => {
        return JSON.stringify(config).includes("aws:kms");
      }),
    },
  },

  "nothing else that could have a key is left out": {
    rule: (stacks) =>
      everyResource(stacks)
        .filter(({ type }) => encrypted[type] === undefined && otherwiseEncrypted[type] === undefined)
        .filter(({ config }) => Object.keys(config).some((argument) => keyArguments.test(argument)))
        .map(({ place }) => place),
    broken: { "when a stream has one": add("data-prod", "aws_kinesis_stream", { kms_key_id: "alias/aws/kinesis" }) },
  },

  "every key that encrypts is symmetric and rotates": {
    rule: (stacks) =>
      breaking(stacks, "aws_kms_key", ({ config }) => {
        const { enable_key_rotation: rotates, customer_master_key_spec: spec = "SYMMETRIC_DEFAULT" } = config;
        return encrypts(config) && (rotates !== true || spec !== "SYMMETRIC_DEFAULT");
      }),
    broken: {
      "when one doesn't": set("aws_kms_key", { enable_key_rotation: false }, ({ config }) => encrypts(config)),
    },
  },

  "every other key signs on P-256, for one role alone, and isn't told to rotate, which KMS refuses": {
    rule: (stacks) =>
      breaking(stacks, "aws_kms_key", ({ config }) => {
        if (encrypts(config)) return false;
        const { key_usage: usage, customer_master_key_spec: spec, enable_key_rotation: rotates, policy } = config;
        const isBound = /"Effect":"Deny","Principal":"\*","Action":\["kms:Sign"\].*"ArnNotEquals"/.test(String(policy));
        return usage !== "SIGN_VERIFY" || spec !== "ECC_NIST_P256" || rotates !== undefined || !isBound;
      }),
    broken: {
      "when it does something else": set("aws_kms_key", { key_usage: "GENERATE_VERIFY_MAC" }),
      "when it is told to rotate": set("aws_kms_key", { enable_key_rotation: true }, ({ config }) => !encrypts(config)),
      "when anybody's role may sign": change(
        "aws_kms_key",
        (config) => {
          config.policy = String(config.policy).replace("ArnNotEquals", "ArnEquals");
        },
        ({ config }) => !encrypts(config),
      ),
    },
  },
});

const insecure = ({ Condition: condition }: Statement) => condition?.Bool?.["aws:SecureTransport"] === "false";

/** What carries a policy, the policy's type, and its argument that names it. */
const transports = [
  ["aws_sqs_queue", "aws_sqs_queue_policy", "queue_url"],
  ["aws_sns_topic", "aws_sns_topic_policy", "arn"],
  ["aws_s3_bucket", "aws_s3_bucket_policy", "bucket"],
] as const;

describeRules(
  "transport:",
  Object.fromEntries(
    transports.map(([type, policyType, argument]) => [
      `every ${type} refuses everybody's calls without TLS`,
      {
        rule: (stacks: Stacks) => {
          const refusing = statementsIn(stacks, "resource")
            .filter((each) => each.resource.type === policyType && each.Effect === "Deny" && each.Principal === "*")
            .filter((each) => insecure(each) && each.Action.every((action) => /:(\*|Publish)$/.test(action)))
            .map(({ resource }) => referred(stacks, resource, resource.config[argument])?.place);
          return breaking(stacks, type, ({ place }) => !refusing.includes(place));
        },
        broken: {
          "when one has no policy": remove(policyType, argument),
          "when it refuses nobody": (stacks: Stacks) => {
            const [policy] = ofType(stacks, policyType);
            if (policy === undefined) throw new Error("no policy");
            const text = String(policy.config.policy).replace('"Principal":"*"', '"Principal":{"AWS":"somebody"}');
            argumentsOf(policy).policy = text;
            return String(referred(stacks, policy, policy.config[argument])?.place);
          },
        },
      },
    ]),
  ),
);

const accessBlock = "aws_s3_bucket_public_access_block";
const blocked = ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"];

describeRules("access:", {
  "every bucket is closed to the public, and has no ACLs": {
    rule: (stacks) => {
      const bucketsOf = (type: string, isClosed: (resource: StackResource) => boolean) =>
        ofType(stacks, type)
          .filter(isClosed)
          .map((each) => referred(stacks, each, each.config.bucket)?.place);
      const closed = bucketsOf(accessBlock, ({ config }) => blocked.every((argument) => config[argument] === true));
      const owned = bucketsOf("aws_s3_bucket_ownership_controls", ({ config }) => {
        return JSON.stringify(config.rule).includes('"object_ownership":"BucketOwnerEnforced"');
      });
      return breaking(stacks, "aws_s3_bucket", ({ place }) => !closed.includes(place) || !owned.includes(place));
    },
    broken: {
      "when one isn't": remove(accessBlock, "bucket"),
      "when one has ACLs": remove("aws_s3_bucket_ownership_controls", "bucket"),
      "when public policies are let through": (stacks) => {
        const [block] = ofType(stacks, accessBlock);
        if (block === undefined) throw new Error("no block");
        argumentsOf(block).block_public_policy = false;
        return String(referred(stacks, block, block.config.bucket)?.place);
      },
    },
  },
});

const refusesOverwriting = ({
  Effect: effect,
  Principal: principal,
  Action: actions,
  Condition: condition,
}: Statement) =>
  effect === "Deny" &&
  principal === "*" &&
  actions.includes("s3:PutObject") &&
  JSON.stringify(condition) === '{"Null":{"s3:if-none-match":"true"}}';

describeRules("evidence:", {
  "what a function writes to a bucket can't be overwritten": {
    rule: (stacks) => {
      const written = allowing(stacks, "role")
        .filter(({ Action: actions }) => actions.includes("s3:PutObject"))
        .flatMap(({ resource, Resource: on = [] }) => referredIn(stacks, resource.stack, on.join(" ")));
      const places = new Set(written.filter(({ type }) => type === "aws_s3_bucket").map(({ place }) => place));
      if (places.size === 0) throw new Error("no function writes to a bucket");
      const refusing = statementsIn(stacks, "resource")
        .filter((each) => each.resource.type === "aws_s3_bucket_policy" && refusesOverwriting(each))
        .filter(({ Resource: on = [] }) => on.length === 1 && on[0]?.endsWith(".arn}/*"))
        .map(({ resource }) => referred(stacks, resource, resource.config.bucket)?.place);
      return [...places].filter((place) => !refusing.includes(place));
    },
    broken: {
      "when a bucket takes puts that overwrite": (stacks) => {
        const place = changeStatement("aws_s3_bucket_policy", "policy", refusesOverwriting, (statement) => {
          statement.Condition = { Null: { "s3:if-match": "true" } };
        })(stacks);
        const policy = ofType(stacks, "aws_s3_bucket_policy").find((each) => each.place === place);
        return String(policy && referred(stacks, policy, policy.config.bucket)?.place);
      },
    },
  },
});
