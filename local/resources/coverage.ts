/**
 * What the runtime makes of each Terraform resource type. A type that stands nowhere here is listed at start: nothing
 * that is deployed is left out silently.
 */
import type { ResolvedResource } from "../terraform/resolve.ts";

/** Types that the runtime plays, in the order in which it tells of them. */
const played = new Set([
  "aws_api_gateway_rest_api",
  "aws_api_gateway_resource",
  "aws_api_gateway_method",
  "aws_api_gateway_integration",
  "aws_api_gateway_gateway_response",
  "aws_api_gateway_method_settings",
  "aws_api_gateway_stage",
  "aws_lambda_function",
  "aws_lambda_alias",
  "aws_lambda_permission",
  "aws_lambda_event_source_mapping",
  "aws_sqs_queue",
  "aws_sqs_queue_policy",
  "aws_sns_topic",
  "aws_sns_topic_policy",
  "aws_dynamodb_table",
  "aws_s3_bucket",
  "aws_s3_bucket_policy",
  "aws_s3_bucket_server_side_encryption_configuration",
  "aws_kms_key",
  "aws_kms_alias",
  "aws_secretsmanager_secret",
  "aws_cloudwatch_event_bus",
  "aws_cloudwatch_event_rule",
  "aws_cloudwatch_event_target",
  "aws_cloudwatch_log_group",
  "aws_cloudwatch_query_definition",
  "aws_sfn_state_machine",
  "aws_scheduler_schedule_group",
  "aws_scheduler_schedule",
  "aws_iam_role",
  "aws_iam_role_policy",
  "aws_cloudwatch_log_resource_policy",
  "aws_cloudwatch_log_metric_filter",
  "aws_cloudwatch_metric_alarm",
  "aws_cloudwatch_composite_alarm",
  "aws_cloudwatch_dashboard",
  "aws_xray_sampling_rule",
]);

/** Types that have no effect on one machine, and why. */
const withoutEffect: Readonly<Record<string, string>> = {
  aws_api_gateway_account: "account-wide setting",
  aws_api_gateway_deployment: "the routes are read directly",
  aws_iam_role_policy_attachment: "only on the account's log role",
  aws_ecr_repository: "functions run from their bundles",
  aws_ecr_lifecycle_policy: "functions run from their bundles",
  aws_lambda_provisioned_concurrency_config: "functions are warm from the start",
  aws_budgets_budget: "nothing costs anything",
  aws_s3_bucket_public_access_block: "nothing is public here",
  aws_s3_bucket_ownership_controls: "one account",
  aws_xray_group: "a saved filter expression: traces are looked for by the expression itself",
};

/** Types whose effect is missing locally: said at every start. */
const missingEffect: Readonly<Record<string, string>> = {
  aws_xray_group: "traces are looked up by their filters on AWS alone",
  aws_s3_bucket_lifecycle_configuration: "objects stay where they are",
  aws_s3_bucket_versioning: "an overwritten object is gone",
  aws_s3_bucket_object_lock_configuration: "objects can be overwritten and deleted",
  aws_s3_bucket_logging: "nobody logs who reads or writes objects",
  aws_s3_bucket_inventory: "nobody lists what is in the bucket",
  aws_athena_workgroup: "no Athena; npm run cli -- archive query reads the archive",
  aws_athena_named_query: "no Athena; npm run cli -- archive query reads the archive",
  aws_glue_catalog_database: "no Athena; npm run cli -- archive query reads the archive",
  aws_glue_catalog_table: "no Athena; npm run cli -- archive query reads the archive",
  aws_wafv2_web_acl: "no request is blocked or counted",
  aws_wafv2_web_acl_association: "no request is blocked or counted",
  aws_sns_topic_subscription: "e-mail and SMS are accepted and go nowhere",
};

export interface Coverage {
  /** Types that are played, with how many resources each. */
  readonly played: Readonly<Record<string, number>>;
  /** Types whose effect is missing, with the reason. */
  readonly missing: readonly { readonly type: string; readonly count: number; readonly reason: string }[];
  /** Types that nobody here has heard of. */
  readonly unknown: readonly { readonly type: string; readonly count: number }[];
}

export function coverageOf(resources: readonly ResolvedResource[]): Coverage {
  const counts = new Map<string, number>();
  for (const { mode, type } of resources) if (mode === "resource") counts.set(type, (counts.get(type) ?? 0) + 1);
  const all = [...counts];
  return {
    played: Object.fromEntries(all.filter(([type]) => played.has(type))),
    missing: all.flatMap(([type, count]) => {
      const reason = missingEffect[type];
      return reason === undefined ? [] : [{ type, count, reason }];
    }),
    unknown: all
      .filter(([type]) => !played.has(type) && !(type in withoutEffect) && !(type in missingEffect))
      .map(([type, count]) => ({ type, count })),
  };
}
