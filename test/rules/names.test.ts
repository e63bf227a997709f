/** Names fit AWS, carry their environment, and are given once. */
import { limits as ourLimits } from "../../config/limits.ts";
import { environmentNameProblem } from "../../config/names.ts";
import { environmentOf, everyEnvironment, ofType, resources } from "./everyStack.ts";

/** Argument that names a resource, and the most characters that AWS takes. Source: the services' API references. */
const limits: Readonly<Record<string, { readonly argument: string; readonly length: number }>> = {
  aws_lambda_function: { argument: "function_name", length: 64 },
  aws_iam_role: { argument: "name", length: 64 },
  aws_sqs_queue: { argument: "name", length: 80 },
  aws_sns_topic: { argument: "name", length: 256 },
  aws_cloudwatch_event_bus: { argument: "name", length: 256 },
  aws_cloudwatch_event_rule: { argument: "name", length: 64 },
  aws_cloudwatch_log_group: { argument: "name", length: 512 },
  aws_cloudwatch_metric_alarm: { argument: "alarm_name", length: 255 },
  aws_cloudwatch_log_metric_filter: { argument: "name", length: 512 },
  aws_sfn_state_machine: { argument: "name", length: 80 },
  aws_dynamodb_table: { argument: "name", length: 255 },
  aws_s3_bucket: { argument: "bucket", length: 63 },
  aws_secretsmanager_secret: { argument: "name", length: 512 },
  aws_kms_alias: { argument: "name", length: 256 },
  aws_ecr_repository: { argument: "name", length: 256 },
  aws_wafv2_web_acl: { argument: "name", length: 128 },
  aws_budgets_budget: { argument: "name", length: 100 },
  aws_api_gateway_rest_api: { argument: "name", length: 128 },
  aws_cloudwatch_log_resource_policy: { argument: "policy_name", length: 512 },
};

/** As long as account ids are, and the longest names of regions. */
function inAnAccount(name: unknown): string {
  return String(name)
    .replaceAll(`\${data.aws_caller_identity.account.account_id}`, "1".repeat(12))
    .replaceAll(`\${data.aws_region.region.name}`, "ap-southeast-1");
}

const named = resources.flatMap(({ stack, type, place, config }) => {
  const limit = limits[type];
  return limit === undefined ? [] : [{ stack, type, place, name: inAnAccount(config[limit.argument]), limit }];
});

describe("names", () => {
  it("fit AWS, for an environment with the longest name, too", () => {
    expect(everyEnvironment.map(({ name }) => name.length)).toContain(ourLimits.environmentNameLength);
    expect(named.filter(({ name, limit }) => name.length > limit.length).map(({ place }) => place)).toEqual([]);
  });

  it("carry their environment", () => {
    const without = named.filter(({ stack, name }) => !name.includes(`-${environmentOf(stack).name}`));
    expect(without.map(({ place }) => place)).toEqual([]);
  });

  it("are given once for each kind of resource", () => {
    const all = named.map(({ type, name }) => `${type} ${name}`);
    expect(new Set(all).size).toBe(all.length);
  });

  it("are never those of another environment, whatever it is called", () => {
    const ofDev = named.filter(({ stack, name }) => stack.endsWith("-dev") && name.endsWith("-dev"));
    const bases = ofDev.map(({ type, name }) => ({ type, base: name.slice(0, -"-dev".length) }));
    // "a-dlq" + "-dev" is "a" + "-dlq-dev": an environment of that name would own dev's queue.
    const colliding = bases.flatMap(({ type, base }) =>
      bases
        .filter((other) => other.type === type && other.base.startsWith(`${base}-`))
        .map((other) => other.base.slice(base.length + 1)),
    );
    expect(colliding.length).toBeGreaterThan(0);
    expect(colliding.filter((first) => environmentNameProblem(`${first}-x`) === undefined)).toEqual([]);
  });

  it("descriptions of rules fit EventBridge's 512 characters", () => {
    for (const { config } of ofType("aws_cloudwatch_event_rule")) {
      expect(String(config.description).length).toBeLessThanOrEqual(512);
    }
  });
});
