/** What of the stacks has a price, in words of this tool: names are without the environment's suffix. */
import type { StackResource, Stacks } from "./stacks.ts";

export interface DeployedFunction {
  readonly name: string;
  readonly memoryMb: number;
  readonly architecture: "arm64" | "x86_64";
  readonly logLevel: string;
  readonly isTraced: boolean;
  /** Environments that are kept ready, whether used or not. */
  readonly provisioned: number;
}

/** A queue that feeds a function. */
export interface Consumer {
  readonly queue: string;
  readonly function: string;
  /** Messages of one batch at the most. */
  readonly batchSize: number;
}

export interface DeployedMachine {
  readonly name: string;
  /** `SPLIT` is no type of AWS: Express for every event, then Standard for those that a person decides. */
  readonly type: "STANDARD" | "EXPRESS" | "SPLIT";
  /** Whether each state's entry and exit is logged, and not errors only. */
  readonly logsEverything: boolean;
}

export interface DeployedBucket {
  readonly name: string;
  readonly expireAfterDays: number;
  readonly infrequentAccessAfterDays: number | undefined;
  readonly glacierAfterDays: number | undefined;
  /** Whether it asks KMS once for many objects, or, under S3's own keys, never. */
  readonly hasBucketKey: boolean;
}

export interface Infrastructure {
  readonly functions: readonly DeployedFunction[];
  readonly consumers: readonly Consumer[];
  readonly tables: readonly { readonly name: string; readonly isRecoverable: boolean }[];
  readonly machines: readonly DeployedMachine[];
  readonly logGroups: readonly { readonly name: string; readonly retentionDays: number }[];
  readonly buckets: readonly DeployedBucket[];
  readonly subscriptions: readonly { readonly topic: string; readonly protocol: string }[];
  readonly webFirewalls: readonly { readonly rules: number }[];
  /** Metrics that alarms watch. */
  readonly alarmMetrics: number;
  readonly compositeAlarms: number;
  readonly metricFilters: number;
  /** Methods of APIs that report metrics of their own. */
  readonly measuredMethods: number;
  readonly dashboards: number;
  readonly secrets: number;
  readonly keys: number;
  readonly isBusEncrypted: boolean;
  readonly repositories: number;
}

export function infrastructureOf(stacks: Stacks): Infrastructure {
  const read = createReader(stacks);
  const { all, text, number } = read;
  return {
    functions: all("aws_lambda_function").map((fn) => functionOf(read, fn)),
    consumers: all("aws_lambda_event_source_mapping").map((mapping) => ({
      queue: read.nameOf(read.referred(mapping, "event_source_arn")),
      function: read.nameOf(read.functionBehind(mapping, "function_name")),
      batchSize: number(mapping.config.batch_size) || 10,
    })),
    tables: all("aws_dynamodb_table").map((table) => ({
      name: read.nameOf(table),
      isRecoverable: block(table.config.point_in_time_recovery).enabled === true,
    })),
    machines: all("aws_sfn_state_machine").map((machine) => ({
      name: read.nameOf(machine),
      type: machine.config.type === "EXPRESS" ? "EXPRESS" : "STANDARD",
      logsEverything: block(machine.config.logging_configuration).level === "ALL",
    })),
    logGroups: all("aws_cloudwatch_log_group").map((group) => ({
      name: read.nameOf(group),
      retentionDays: number(group.config.retention_in_days),
    })),
    buckets: all("aws_s3_bucket").map((bucket) => bucketOf(read, bucket)),
    subscriptions: all("aws_sns_topic_subscription").map((subscription) => ({
      topic: read.nameOf(read.referred(subscription, "topic_arn")),
      protocol: text(subscription.config.protocol),
    })),
    webFirewalls: all("aws_wafv2_web_acl").map(({ config }) => ({ rules: list(config.rule).length })),
    alarmMetrics: all("aws_cloudwatch_metric_alarm").reduce((sum, { config }) => sum + metricsOf(config), 0),
    compositeAlarms: all("aws_cloudwatch_composite_alarm").length,
    metricFilters: all("aws_cloudwatch_log_metric_filter").length,
    measuredMethods: all("aws_api_gateway_method_settings").some(
      ({ config }) => block(config.settings).metrics_enabled === true,
    )
      ? all("aws_api_gateway_method").length
      : 0,
    dashboards: all("aws_cloudwatch_dashboard").length,
    secrets: all("aws_secretsmanager_secret").length,
    keys: all("aws_kms_key").length,
    isBusEncrypted: all("aws_cloudwatch_event_bus").some(({ config }) => config.kms_key_identifier !== undefined),
    repositories: all("aws_ecr_repository").length,
  };
}

/** Metrics that an alarm is billed for: one with a band of the expected for three, as the band's edges count, too. */
function metricsOf({ metric_query: queries, threshold_metric_id: band }: StackResource["config"]): number {
  const watched = list(queries).filter((query) => block(query).metric !== undefined).length || 1;
  return band === undefined ? watched : watched + 2;
}

/** The topic of the alerts with other subscribers than it has in the stacks, if a shape says so. */
export function withAlertSubscribers(
  infrastructure: Infrastructure,
  subscribers: { readonly emails: number; readonly phoneNumbers: number } | undefined,
): Infrastructure {
  if (subscribers === undefined) return infrastructure;
  const topic = "transaction-alerts";
  const others = infrastructure.subscriptions.filter((subscription) => subscription.topic !== topic);
  const of = (protocol: string, count: number) => Array.from({ length: count }, () => ({ topic, protocol }));
  const subscriptions = [...others, ...of("email", subscribers.emails), ...of("sms", subscribers.phoneNumbers)];
  return { ...infrastructure, subscriptions };
}

function functionOf(read: Reader, fn: StackResource): DeployedFunction {
  const { config } = fn;
  const { variables } = block(config.environment) as { variables?: Record<string, unknown> };
  const provisioned = read
    .all("aws_lambda_provisioned_concurrency_config")
    .filter((settings) => read.functionBehind(settings, "function_name") === fn)
    .map((settings) => read.number(settings.config.provisioned_concurrent_executions));
  return {
    name: read.nameOf(fn),
    memoryMb: read.number(config.memory_size) || 128,
    architecture: list(config.architectures)[0] === "arm64" ? "arm64" : "x86_64",
    logLevel: read.text(variables?.LOG_LEVEL),
    isTraced: block(config.tracing_config).mode === "Active",
    provisioned: provisioned.reduce((sum, each) => sum + each, 0),
  };
}

function bucketOf(read: Reader, bucket: StackResource): DeployedBucket {
  const about = (type: string) => read.all(type).find((each) => read.referred(each, "bucket") === bucket)?.config;
  const rules = list(about("aws_s3_bucket_lifecycle_configuration")?.rule).map(block);
  const moves = rules.flatMap((rule) => list(rule.transition).map(block));
  const daysTo = (storageClass: string) => {
    const days = moves.find((move) => move.storage_class === storageClass)?.days;
    return days === undefined ? undefined : read.number(days);
  };
  const encryption = block(about("aws_s3_bucket_server_side_encryption_configuration")?.rule);
  return {
    name: read.nameOf(bucket),
    expireAfterDays: read.number(block(rules[0]?.expiration).days),
    infrequentAccessAfterDays: daysTo("STANDARD_IA"),
    glacierAfterDays: daysTo("GLACIER"),
    hasBucketKey:
      encryption.bucket_key_enabled === true ||
      block(encryption.apply_server_side_encryption_by_default).sse_algorithm === "AES256",
  };
}

type Reader = ReturnType<typeof createReader>;

function createReader({ resources, environment }: Stacks) {
  const all = (type: string) => resources.filter((resource) => resource.type === type);
  const text = (value: unknown) => (value === undefined ? "" : String(value));

  /** The resource of the same stack that an argument such as `${aws_sqs_queue.x.arn}` refers to. */
  function referred(from: StackResource, argument: string): StackResource | undefined {
    const [, type, name] = /\$\{(\w+)\.([\w-]+)\./.exec(text(from.config[argument])) ?? [];
    return resources.find((each) => each.stack === from.stack && each.type === type && each.name === name);
  }

  /** The function itself, where the argument may refer to an alias of it. */
  function functionBehind(from: StackResource, argument: string): StackResource | undefined {
    const found = referred(from, argument);
    return found?.type === "aws_lambda_alias" ? referred(found, "function_name") : found;
  }

  /** Its name on AWS; of a bucket, without the references to account and region in it. */
  function nameOf(resource: StackResource | undefined): string {
    const { function_name: functionName, bucket, name } = resource?.config ?? {};
    const full = text(functionName ?? bucket ?? name).replace(/-\$\{.*$/, "");
    return full.endsWith(`-${environment}`) ? full.slice(0, -environment.length - 1) : full;
  }

  return { all, text, number: (value: unknown) => Number(value ?? 0), referred, functionBehind, nameOf };
}

/** Terraform's JSON has a block as an object, or as a list of one. */
function block(value: unknown): Readonly<Record<string, unknown>> {
  const one = Array.isArray(value) ? value[0] : value;
  return typeof one === "object" && one !== null ? (one as Record<string, unknown>) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}
