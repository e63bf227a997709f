/**
 * The types of resources that the stacks may have, by what a mistake in one could do. A type that isn't here fails
 * until somebody has thought about it: put it into its class, and give it the rules that the class asks for.
 */

interface ResourceClass {
  /** What a type of the class has to be thought through for. */
  readonly asks: string;
  /** By type, what the pipeline has it for. */
  readonly types: Readonly<Record<string, string>>;
}

export const resourceClasses = {
  public: {
    asks: "Anybody on the internet may reach it. Who is let in, how often, and what is logged of them?",
    types: {
      aws_api_gateway_deployment: "What the stage serves.",
      aws_api_gateway_gateway_response: "What API Gateway answers by itself; it must tell a stranger nothing.",
      aws_api_gateway_integration: "Calls the validator, and nothing else (api.test.ts).",
      aws_api_gateway_method: "Open to providers, which have no credentials of AWS: the validator checks signatures.",
      aws_api_gateway_method_settings: "Throttles, and logs no bodies (functions.test.ts).",
      aws_api_gateway_resource: "The paths that there are.",
      aws_api_gateway_rest_api: "The one way in.",
      aws_api_gateway_stage: "Traced, with access logs (functions.test.ts).",
    },
  },
  guarding: {
    asks: "It keeps others out. Does it do so everywhere, and does taking it away fail?",
    types: {
      aws_s3_bucket_object_lock_configuration: "Keeps payloads from being deleted early (destruction.test.ts).",
      aws_s3_bucket_ownership_controls: "No ACLs (protection.test.ts).",
      aws_s3_bucket_public_access_block: "No public buckets (protection.test.ts).",
      aws_s3_bucket_server_side_encryption_configuration: "Our key by default (protection.test.ts).",
      aws_wafv2_web_acl: "Limits what one address may send (firewall.test.ts).",
      aws_wafv2_web_acl_association: "Puts the firewall before the API (firewall.test.ts).",
    },
  },
  data: {
    asks: "It holds payments, secrets or what was said of them. Which key encrypts it, when does it end, who may read it?",
    types: {
      aws_cloudwatch_log_group: "What functions, the API and state machines say.",
      aws_dynamodb_table: "Transactions, webhooks seen, counters of fraud.",
      aws_kms_key: "Without it the rest can't be read, or the archive's signature not be made.",
      aws_s3_bucket: "Payloads, the archive, and the logs of access to it.",
      aws_secretsmanager_secret: "What providers sign with; its value is never in the state (secrets.test.ts).",
      aws_sqs_queue: "Payments on their way, and those that failed.",
    },
  },
  messaging: {
    asks: "It carries payments or alarms onward. To whom, under which key, and where does what fails go?",
    types: {
      aws_cloudwatch_event_bus: "Routes payments.",
      aws_cloudwatch_event_rule: "Routes by amount (unchecked.test.ts).",
      aws_cloudwatch_event_target: "Has a dead-letter queue (async-paths.test.ts).",
      aws_lambda_event_source_mapping: "Takes from a queue, and reports failures one by one (queues.test.ts).",
      aws_sns_topic: "Alarms and alerts.",
      aws_sns_topic_subscription: "Persons who look after it (subscriptions.test.ts).",
    },
  },
  permission: {
    asks: "It allows something. Is it as narrow as AWS lets it be, and bound to our resources?",
    types: {
      aws_api_gateway_account: "The role by which API Gateway logs.",
      aws_cloudwatch_log_resource_policy: "Lets EventBridge write to its log groups (event-logs.test.ts).",
      aws_iam_role: "Who may take it (callers.test.ts).",
      aws_iam_role_policy: "What a role may do (wildcards.test.ts, roles.test.ts).",
      aws_iam_role_policy_attachment: "AWS's own policies, as listed (wildcards.test.ts).",
      aws_lambda_permission: "Lets a service call a function (api.test.ts, callers.test.ts).",
      aws_s3_bucket_policy: "TLS alone, and no overwriting of what was received (protection.test.ts).",
      aws_sns_topic_policy: "TLS alone, and who publishes (protection.test.ts, callers.test.ts).",
      aws_sqs_queue_policy: "TLS alone, and who sends (protection.test.ts, callers.test.ts).",
    },
  },
  running: {
    asks: "It runs code or queries. As which role, how much at a time, and who sees it fail?",
    types: {
      aws_athena_named_query: "A query that an auditor may start.",
      aws_athena_workgroup: "Bounds what a query may scan and says where its answer goes.",
      aws_lambda_alias: "The version that is kept warm (concurrency.test.ts).",
      aws_lambda_function: "The manifest's functions (functions.test.ts).",
      aws_lambda_provisioned_concurrency_config: "As often as the environment asks for (concurrency.test.ts).",
      aws_scheduler_schedule: "Starts the archive's state machines.",
      aws_scheduler_schedule_group: "Holds the schedules, and ends with them.",
      aws_sfn_state_machine: "Workflows and the archive, traced and logged (functions.test.ts).",
    },
  },
  describing: {
    asks: "It holds no payments and lets nobody in. Is that so, with every argument that it has?",
    types: {
      aws_budgets_budget: "Tells of costs.",
      aws_cloudwatch_composite_alarm: "Says once what several alarms notice of one trouble (alarms.test.ts).",
      aws_cloudwatch_dashboard: "Shows metrics, which hold no ids (dashboards.test.ts).",
      aws_cloudwatch_log_metric_filter: "Counts lines of logs.",
      aws_cloudwatch_metric_alarm: "Says what is wrong (alarms.test.ts).",
      aws_cloudwatch_query_definition: "A question to the logs; whoever asks it needs a permission of their own.",
      aws_ecr_lifecycle_policy: "Ends old images.",
      aws_ecr_repository: "Holds images: code and no data.",
      aws_glue_catalog_database: "Names the archive's tables.",
      aws_glue_catalog_table: "Describes the archive's files; the files are in the bucket.",
      aws_kms_alias: "Names a key.",
      aws_s3_bucket_inventory: "Has S3 list the archive's objects, in a bucket of ours.",
      aws_s3_bucket_lifecycle_configuration: "Moves and ends objects (unchecked.test.ts).",
      aws_s3_bucket_logging: "Has S3 log access, to a bucket of ours.",
      aws_xray_group: "Finds traces; whoever looks at them needs a permission of their own.",
      aws_xray_sampling_rule: "Says of how many webhooks there are traces (traces.test.ts).",
      aws_s3_bucket_versioning: "Keeps what was overwritten (destruction.test.ts).",
    },
  },
} as const satisfies Record<string, ResourceClass>;

/** What is read from AWS or from another stack: who and where we are. A policy that is read would escape the rules. */
export const dataSources: readonly string[] = [
  "aws_caller_identity",
  "aws_partition",
  "aws_region",
  "terraform_remote_state",
];
