/**
 * What becomes of each resource type of the stacks: it is priced, by the service named, or it costs nothing itself, for
 * the reason given. A type that isn't here is named in the report as not priced.
 */

type Treatment =
  /** The service's lines in the report. */
  { readonly pricedAs: string } | { readonly free: string };

const settings = "a setting of its owner";
const iam = "IAM is free";

export const resourceTypes: Readonly<Record<string, Treatment>> = {
  aws_api_gateway_account: { free: settings },
  aws_api_gateway_deployment: { free: settings },
  aws_api_gateway_gateway_response: { free: settings },
  aws_api_gateway_integration: { free: settings },
  aws_api_gateway_method: { pricedAs: "Observability" },
  aws_api_gateway_method_settings: { pricedAs: "Observability" },
  aws_api_gateway_resource: { free: settings },
  aws_api_gateway_rest_api: { pricedAs: "API Gateway" },
  aws_api_gateway_stage: { free: "its requests are priced, and it has no cache" },
  aws_athena_named_query: { free: "a saved query costs nothing until somebody runs it" },
  aws_athena_workgroup: { free: "nothing until somebody queries: 5 USD per TB read, 10 GiB at the most a query" },
  aws_budgets_budget: { free: "budgets without actions are free" },
  aws_cloudwatch_composite_alarm: { pricedAs: "Observability" },
  aws_cloudwatch_dashboard: { pricedAs: "Observability" },
  aws_cloudwatch_event_bus: { pricedAs: "EventBridge" },
  aws_cloudwatch_event_rule: { free: "matching is part of the event's price" },
  aws_cloudwatch_event_target: { free: "delivery within an account is free" },
  aws_cloudwatch_log_group: { pricedAs: "Observability" },
  aws_cloudwatch_log_metric_filter: { pricedAs: "Observability" },
  aws_cloudwatch_log_resource_policy: { free: settings },
  aws_cloudwatch_metric_alarm: { pricedAs: "Observability" },
  aws_cloudwatch_query_definition: { free: "a saved query costs nothing until somebody runs it" },
  aws_dynamodb_table: { pricedAs: "DynamoDB" },
  aws_ecr_lifecycle_policy: { free: settings },
  aws_ecr_repository: { pricedAs: "ECR" },
  aws_ecr_repository_policy: { free: settings },
  aws_glue_catalog_database: { free: "a million objects of the catalogue are free" },
  aws_glue_catalog_table: { free: "a million objects of the catalogue are free" },
  aws_iam_role: { free: iam },
  aws_iam_role_policy: { free: iam },
  aws_iam_role_policy_attachment: { free: iam },
  aws_kms_alias: { free: "names of keys are free" },
  aws_kms_key: { pricedAs: "KMS" },
  aws_lambda_alias: { free: settings },
  aws_lambda_event_source_mapping: { pricedAs: "SQS" },
  aws_lambda_function: { pricedAs: "Lambda" },
  aws_lambda_permission: { free: settings },
  aws_lambda_provisioned_concurrency_config: { pricedAs: "Lambda" },
  aws_s3_bucket: { pricedAs: "S3" },
  aws_s3_bucket_inventory: { free: "0.0025 USD per million objects listed, and there are some thousands" },
  aws_s3_bucket_lifecycle_configuration: { pricedAs: "S3" },
  aws_s3_bucket_logging: { free: "S3 delivers for nothing, and what it writes is little" },
  aws_s3_bucket_object_lock_configuration: { free: settings },
  aws_s3_bucket_ownership_controls: { free: settings },
  aws_s3_bucket_policy: { free: settings },
  aws_s3_bucket_public_access_block: { free: settings },
  aws_s3_bucket_server_side_encryption_configuration: { pricedAs: "KMS" },
  aws_s3_bucket_versioning: { free: "nothing in these buckets is written twice" },
  aws_scheduler_schedule: { free: "14 million starts a month are free, and these are some 800" },
  aws_scheduler_schedule_group: { free: settings },
  aws_secretsmanager_secret: { pricedAs: "Secrets Manager" },
  aws_secretsmanager_secret_policy: { free: settings },
  aws_sfn_state_machine: { pricedAs: "Step Functions" },
  aws_sns_topic: { pricedAs: "SNS" },
  aws_sns_topic_policy: { free: settings },
  aws_sns_topic_subscription: { pricedAs: "SNS" },
  aws_sqs_queue: { pricedAs: "SQS" },
  aws_sqs_queue_policy: { free: settings },
  aws_wafv2_web_acl: { pricedAs: "WAF" },
  aws_wafv2_web_acl_association: { free: settings },
  aws_xray_group: { free: "traces are priced, groups of them aren't" },
  aws_xray_sampling_rule: { free: "it says of what there are traces, and those are priced" },
};

/** Types that are neither priced nor known to be free, and how many resources there are of each. */
export function notPriced(resources: readonly { readonly type: string }[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { type } of resources) {
    if (!Object.hasOwn(resourceTypes, type)) counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return counts;
}
