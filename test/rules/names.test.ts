/** Names fit AWS, carry their environment, and are given once. */
import { environmentNameProblem } from "../../config/names.ts";
import { add, argumentsOf, change, set } from "./broken.ts";
import { describeRules } from "./rule.ts";
import {
  anyOfType,
  breaking,
  environmentOf,
  everyResource,
  ofType,
  type StackResource,
  type Stacks,
} from "./stacks.ts";

interface NameLimit {
  /** The argument that names the resource. */
  readonly argument: string;
  readonly maxLength: number;
  readonly characters: RegExp;
  /** Stands for a hyphen where AWS takes none. */
  readonly separator?: string;
}

const plain = /^[\w-]+$/;
const path = /^[\w./+=@-]+$/;

/** Source: the services' API references. */
const limits: Readonly<Record<string, NameLimit>> = {
  aws_lambda_function: { argument: "function_name", maxLength: 64, characters: plain },
  aws_iam_role: { argument: "name", maxLength: 64, characters: /^[\w+=,.@-]+$/ },
  aws_sqs_queue: { argument: "name", maxLength: 80, characters: plain },
  aws_sns_topic: { argument: "name", maxLength: 256, characters: plain },
  aws_cloudwatch_event_bus: { argument: "name", maxLength: 256, characters: /^[\w.-]+$/ },
  aws_cloudwatch_event_rule: { argument: "name", maxLength: 64, characters: /^[\w.-]+$/ },
  aws_cloudwatch_log_group: { argument: "name", maxLength: 512, characters: /^[\w./#-]+$/ },
  aws_cloudwatch_metric_alarm: { argument: "alarm_name", maxLength: 255, characters: /^[^:]+$/ },
  aws_cloudwatch_composite_alarm: { argument: "alarm_name", maxLength: 255, characters: /^[^:]+$/ },
  aws_xray_group: { argument: "group_name", maxLength: 32, characters: plain },
  aws_xray_sampling_rule: { argument: "rule_name", maxLength: 32, characters: plain },
  aws_cloudwatch_log_metric_filter: { argument: "name", maxLength: 512, characters: /^[^:*]+$/ },
  aws_cloudwatch_log_resource_policy: { argument: "policy_name", maxLength: 256, characters: plain },
  aws_cloudwatch_dashboard: { argument: "dashboard_name", maxLength: 255, characters: plain },
  aws_cloudwatch_query_definition: { argument: "name", maxLength: 255, characters: path },
  aws_sfn_state_machine: { argument: "name", maxLength: 80, characters: plain },
  aws_dynamodb_table: { argument: "name", maxLength: 255, characters: /^[\w.-]{3,}$/ },
  aws_s3_bucket: { argument: "bucket", maxLength: 63, characters: /^[a-z0-9][a-z0-9-]+[a-z0-9]$/ },
  aws_secretsmanager_secret: { argument: "name", maxLength: 512, characters: path },
  aws_kms_alias: { argument: "name", maxLength: 256, characters: /^alias\/(?!aws\/)[\w/-]+$/ },
  aws_ecr_repository: { argument: "name", maxLength: 256, characters: /^[a-z0-9][a-z0-9._/-]+$/ },
  aws_api_gateway_rest_api: { argument: "name", maxLength: 128, characters: plain },
  aws_wafv2_web_acl: { argument: "name", maxLength: 128, characters: plain },
  aws_scheduler_schedule: { argument: "name", maxLength: 64, characters: /^[\w.-]+$/ },
  aws_scheduler_schedule_group: { argument: "name", maxLength: 64, characters: /^[\w.-]+$/ },
  aws_athena_workgroup: { argument: "name", maxLength: 128, characters: /^[\w.-]+$/ },
  aws_glue_catalog_database: { argument: "name", maxLength: 255, characters: /^[a-z0-9_]+$/, separator: "_" },
  aws_budgets_budget: { argument: "name", maxLength: 100, characters: /^[^:\\]+$/ },
};

/** As long as account ids are, and the longest names of regions. */
function inAnAccount(name: unknown): string {
  return String(name)
    .replaceAll(`\${data.aws_caller_identity.account.account_id}`, "1".repeat(12))
    .replaceAll(`\${data.aws_region.region.name}`, "ap-southeast-1");
}

/** Resources that have a name, with it and its limit. */
function named(stacks: Stacks) {
  return Object.entries(limits).flatMap(([type, limit]) =>
    anyOfType(stacks, type).map(({ stack, place, config }) => {
      return { type, stack, place, limit, name: inAnAccount(config[limit.argument]) };
    }),
  );
}

/** A name of one character too many. */
function tooLong(type: string) {
  const { argument = "", maxLength = 0 } = limits[type] ?? {};
  return set(type, { [argument]: "x".repeat(maxLength + 1) });
}

describeRules("names", {
  "fit AWS": {
    rule: (stacks) =>
      named(stacks)
        .filter(({ name, limit }) => name.length > limit.maxLength || !limit.characters.test(name))
        .map(({ place, name }) => `${place}: ${name}`),
    broken: {
      ...Object.fromEntries(Object.keys(limits).map((type) => [`when an ${type} is too long`, tooLong(type)])),
      "when a bucket has a capital letter": change("aws_s3_bucket", (config) => {
        config.bucket = `Webhook-${config.bucket}`;
      }),
      "when a queue has a dot": set("aws_sqs_queue", { name: "webhook.events-prod" }),
    },
  },

  "carry their environment": {
    rule: (stacks) =>
      named(stacks)
        .filter(({ stack, name, limit: { separator = "-" } }) => {
          return !name.includes(`-${environmentOf(stack).name}`.replaceAll("-", separator));
        })
        .map(({ place, name }) => `${place}: ${name}`),
    broken: {
      ...Object.fromEntries(
        Object.entries(limits).map(([type, { argument }]) => [
          `when an ${type} doesn't`,
          set(type, { [argument]: "same" }),
        ]),
      ),
    },
  },

  "are never those of another environment, whatever it is called": {
    rule: (stacks) => {
      const ofDev = named(stacks).filter(({ stack, name }) => stack.endsWith("-dev") && name.endsWith("-dev"));
      const bases = ofDev.map(({ type, place, name }) => ({ type, place, base: name.slice(0, -"-dev".length) }));
      // "a-dlq" + "-dev" is "a" + "-dlq-dev": an environment of that name would own dev's queue.
      return bases.flatMap(({ type, base, place }) =>
        bases
          .filter((other) => other.type === type && other.base.startsWith(`${base}-`))
          .map((other) => other.base.slice(base.length + 1))
          .filter((first) => environmentNameProblem(`${first}-x`) === undefined)
          .map((first) => `${place}: an environment ${first}-… would have it, too`),
      );
    },
    broken: {
      "when another queue begins with one's name": (stacks) => {
        const [one, other] = ofType(stacks, "aws_sqs_queue").filter(({ stack }) => stack === "pipeline-dev");
        if (one === undefined || other === undefined) throw new Error("no queues");
        argumentsOf(other).name = String(one.config.name).replace("-dev", "-more-dev");
        return `${one.place}: an environment more-`;
      },
    },
  },

  "are given once for each kind of resource": {
    rule: (stacks) => {
      const all = named(stacks).map(({ type, name }) => `${type} ${name}`);
      return all.filter((each, index) => all.indexOf(each) !== index);
    },
    broken: {
      "when two queues share one": (stacks) => {
        const queues = ofType(stacks, "aws_sqs_queue");
        const [one, other] = [queues[0], queues.at(-1)];
        if (one === undefined || other === undefined) throw new Error("no queues");
        argumentsOf(other).name = one.config.name;
        return `aws_sqs_queue ${one.config.name}`;
      },
    },
  },

  "of types that AWS limits are all known here": {
    rule: (stacks) =>
      everyResource(stacks)
        .filter(({ type, config }) => limits[type] === undefined && hasNameOfItsOwn(type, config))
        .map(({ place }) => place),
    broken: {
      "when a new type comes": add("data-prod", "aws_kinesis_stream", { name: "x" }),
    },
  },

  "descriptions of rules fit EventBridge's 512 characters": {
    rule: (stacks) =>
      breaking(stacks, "aws_cloudwatch_event_rule", ({ config }) => String(config.description).length > 512),
    broken: { "when one is a novel": set("aws_cloudwatch_event_rule", { description: "x".repeat(513) }) },
  },
});

/** Types whose names mean something within another resource alone. */
const namedWithin = [
  "aws_iam_role_policy",
  "aws_lambda_alias",
  "aws_athena_named_query",
  "aws_glue_catalog_table",
  "aws_s3_bucket_inventory",
];

/** A name that is a text of its own and not a reference to another resource's. */
function hasNameOfItsOwn(type: string, config: StackResource["config"]): boolean {
  return !namedWithin.includes(type) && typeof config.name === "string" && !config.name.startsWith("${aws_");
}
