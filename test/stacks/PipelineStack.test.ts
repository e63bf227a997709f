import { type EnvironmentSettings, environments } from "../../config/environments.ts";
import { fx, staleRatesCode } from "../../config/fx.ts";
import { type LambdaName, lambdas } from "../../config/lambdas.ts";
import { providerNames } from "../../config/providers.ts";
import { reconciliationMetrics } from "../../config/reconciliation.ts";
import { statementsOf } from "./constructs/fixtures.ts";
import { onlyResource, resourcesOf, synthesizeEnvironments, type TerraformJson } from "./synthesized.ts";

const stacks = synthesizeEnvironments();
const pipeline = stacks["pipeline-dev"] as TerraformJson;
const all = (type: string) => resourcesOf(pipeline, type).map(({ config }) => config);
const named = (type: string, name: string, key = "name") => all(type).find((config) => config[key] === name);

function variablesOf(lambda: LambdaName): Record<string, string> {
  const { environment } = named("aws_lambda_function", `${lambda}-dev`, "function_name") ?? {};
  return (environment as { variables: Record<string, string> }).variables;
}

/** Action → resources that a role's own policy allows it for, over all its statements. */
function permissionsOf(role: string): Record<string, string> {
  const policy = resourcesOf(pipeline, "aws_iam_role_policy").find(({ address }) =>
    address.includes(`${role}_role_policy`),
  );
  const permissions: Record<string, string> = {};
  for (const { Action: actions, Resource: resources } of statementsOf(policy?.config.policy)) {
    for (const action of actions as string[]) {
      permissions[action] = [permissions[action] ?? [], resources as string[]].flat().join(" ");
    }
  }
  return permissions;
}

describe("PipelineStack", () => {
  it("tells where providers post", () => {
    expect(pipeline.output?.WebhookApiUrl?.value).toMatch(/^\$\{aws_api_gateway_stage\..*\.invoke_url\}$/);
  });

  it("has both paths of the webhooks", () => {
    expect(
      all("aws_api_gateway_resource")
        .map(({ path_part: part }) => part)
        .sort(),
    ).toEqual(["webhook", "webhooks", "{provider}"].sort());
  });

  it.each(Object.values(environments))("throttles $name as its settings say", ({ name, throttling }) => {
    expect(onlyResource(stacks[`pipeline-${name}`] as TerraformJson, "aws_api_gateway_method_settings")).toMatchObject({
      settings: { throttling_rate_limit: throttling.rateLimit, throttling_burst_limit: throttling.burstLimit },
    });
  });

  it("has every function of the manifest, with the digest of its image", () => {
    expect(all("aws_lambda_function").map((fn) => fn.function_name)).toEqual(
      expect.arrayContaining(Object.keys(lambdas).map((name) => `${name}-dev`)),
    );
    for (const fn of all("aws_lambda_function")) {
      expect(fn.image_uri).toMatch(/^\$\{data\.terraform_remote_state\..*repository_url\}@sha256:[0-9a-f]{64}$/);
    }
  });
});

describe("what the environment's settings turn on", () => {
  const withSettings = (settings: Partial<EnvironmentSettings>) =>
    synthesizeEnvironments([{ ...environments.dev, ...settings }])["pipeline-dev"] as TerraformJson;
  const functionsOf = (settings: Partial<EnvironmentSettings>) =>
    resourcesOf(withSettings(settings), "aws_lambda_function").map(({ config }) => config);

  it("a firewall before the API", () => {
    const json = withSettings({ webFirewall: { requestsPerFiveMinutes: 4711 } });
    expect(onlyResource(json, "aws_wafv2_web_acl")).toMatchObject({
      name: "payment-webhooks-dev",
      rule: [{ statement: { rate_based_statement: { limit: 4711 } } }, {}, {}, {}],
    });
    expect(onlyResource(json, "aws_wafv2_web_acl_association").resource_arn).toMatch(
      /aws_api_gateway_stage\..*\.arn\}$/,
    );
    expect(all("aws_wafv2_web_acl")).toEqual([]);
  });

  it("reserved and provisioned concurrency of just the functions that are named", () => {
    const json = withSettings({
      reservedConcurrency: { "fraud-detector": 30 },
      provisionedConcurrency: { "webhook-dedup": 4 },
    });
    const functions = resourcesOf(json, "aws_lambda_function").map(({ config }) => config);
    const having = (argument: string) => functions.filter((fn) => fn[argument] !== undefined);
    expect(having("reserved_concurrent_executions")).toMatchObject([
      { function_name: "fraud-detector-dev", reserved_concurrent_executions: 30 },
    ]);
    expect(having("publish")).toMatchObject([{ function_name: "webhook-dedup-dev", publish: true }]);
    expect(onlyResource(json, "aws_lambda_provisioned_concurrency_config")).toMatchObject({
      function_name: expect.stringContaining("webhook-dedup"),
      provisioned_concurrent_executions: 4,
    });
  });

  it("a network around every function, in this account", () => {
    const vpc = { subnetIds: ["subnet-12345678"], securityGroupIds: ["sg-12345678"] };
    for (const fn of functionsOf({ vpc })) {
      expect(fn.vpc_config).toEqual({ subnet_ids: ["subnet-12345678"], security_group_ids: ["sg-12345678"] });
    }
    expect(JSON.stringify(resourcesOf(withSettings({ vpc }), "aws_iam_role_policy"))).toContain(
      `arn:\${data.aws_partition.partition.partition}:ec2:\${data.aws_region.region.name}:\${data.aws_caller_identity.account.account_id}:subnet/subnet-12345678`,
    );
    for (const fn of functionsOf({})) expect(fn).not.toHaveProperty("vpc_config");
  });

  it("thresholds in the words of rules and alarms", () => {
    const json = withSettings({ routingThresholdsUsd: { mediumFrom: 250.5, highAbove: 99_000 } });
    const texts = (type: string, argument: string) =>
      resourcesOf(json, type)
        .map(({ config }) => config[argument])
        .join("\n");
    const descriptions = texts("aws_cloudwatch_event_rule", "description");
    for (const words of [
      "below 250.5 USD are",
      "above 99,000 USD start",
      "from 250.5 USD to 99,000 USD, both included",
    ]) {
      expect(descriptions).toContain(words);
    }
    expect(texts("aws_cloudwatch_metric_alarm", "alarm_description")).toMatch(/Payments from 250\.5 USD on stay/);
  });
});

describe("webhook-validator", () => {
  it("knows its queue, its bucket and its secrets", () => {
    const { PROVIDER_SECRETS: secrets, ...rest } = variablesOf("webhook-validator");
    expect(Object.keys(JSON.parse(secrets ?? ""))).toEqual([...providerNames]);
    expect(rest).toEqual({
      WEBHOOK_EVENTS_QUEUE_URL: expect.stringMatching(/aws_sqs_queue\.intake_webhook-events_queue_.*\.url/),
      WEBHOOK_PAYLOADS_BUCKET: expect.stringMatching(/webhook-payloads_bucket_.*bucket/),
      ROUTING_THRESHOLDS_USD: '{"mediumFrom":1000,"highAbove":10000}',
      LOG_LEVEL: "INFO",
    });
  });

  it("may read the secrets, queue messages and put bodies, and nothing else", () => {
    expect(permissionsOf("intake_webhook-validator")).toEqual({
      "secretsmanager:GetSecretValue": expect.stringMatching(new RegExp(providerNames.join(".*"))),
      "sqs:SendMessage": expect.stringMatching(/^\$\{aws_sqs_queue\.intake_webhook-events_queue_/),
      "s3:PutObject": expect.stringMatching(/webhook-payloads_bucket_.*arn\}\/\*$/),
      "kms:Decrypt": expect.stringMatching(/payments-data-key.*payments-messaging-key/),
      "kms:GenerateDataKey": expect.stringMatching(/payments-messaging-key.*payments-data-key/),
      "logs:CreateLogStream": expect.stringContaining("webhook-validator_logs"),
      "logs:PutLogEvents": expect.stringContaining("webhook-validator_logs"),
      "xray:PutTelemetryRecords": "*",
      "xray:PutTraceSegments": "*",
    });
  });
});

describe("webhook-dedup", () => {
  it("knows its tables, bus and dead-letter queue", () => {
    expect(variablesOf("webhook-dedup")).toEqual({
      PROCESSED_WEBHOOKS_TABLE: expect.stringContaining("processed-webhooks"),
      TRANSACTIONS_TABLE: expect.stringContaining("transactions"),
      EVENT_BUS_NAME: expect.stringMatching(/aws_cloudwatch_event_bus\.payment-events_bus/),
      WEBHOOK_EVENTS_DLQ_URL: expect.stringMatching(/aws_sqs_queue\.intake_webhook-events-dlq_queue_.*\.url/),
      LEASE_SECONDS: "30",
      ROUTING_THRESHOLDS_USD: expect.any(String),
      LOG_LEVEL: "INFO",
    });
  });

  it("rule 8: holds a lease longer than it can run, and over before a message comes back", () => {
    const leaseSeconds = Number(variablesOf("webhook-dedup").LEASE_SECONDS);
    expect(leaseSeconds).toBeGreaterThan(lambdas["webhook-dedup"].timeoutSeconds);
    expect(leaseSeconds).toBeLessThan(
      named("aws_sqs_queue", "webhook-events-dev")?.visibility_timeout_seconds as number,
    );
  });

  it("may claim, record and publish, and nothing else", () => {
    expect(Object.keys(permissionsOf("recording_webhook-dedup")).sort()).toEqual([
      "dynamodb:GetItem",
      "dynamodb:PutItem",
      "dynamodb:UpdateItem",
      "events:PutEvents",
      "kms:Decrypt",
      "kms:GenerateDataKey",
      "logs:CreateLogStream",
      "logs:PutLogEvents",
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
      "sqs:ReceiveMessage",
      "sqs:SendMessage",
      "xray:PutTelemetryRecords",
      "xray:PutTraceSegments",
    ]);
  });

  it("rule 15: may send to the dead-letter queue, not to the queue itself", () => {
    expect(permissionsOf("recording_webhook-dedup")["sqs:SendMessage"]).toMatch(/webhook-events-dlq/);
  });

  it("rule 18: may add to the transactions, but never change one", () => {
    const { "dynamodb:UpdateItem": updates, "dynamodb:PutItem": puts } = permissionsOf("recording_webhook-dedup");
    expect(puts).toContain("transactions");
    expect(updates).not.toContain("transactions");
  });
});

describe("workflow-claim", () => {
  it("rule 8: holds a lease longer than an Express execution can live", () => {
    expect(Number(variablesOf("workflow-claim").LEASE_SECONDS)).toBeGreaterThan(300);
  });

  it("may update claims, and nothing else", () => {
    expect(
      Object.keys(permissionsOf("workflows_workflow-claim")).filter((action) => !/^(logs|xray):/.test(action)),
    ).toEqual(["dynamodb:UpdateItem", "kms:Decrypt"]);
  });
});

describe("fraud-detector", () => {
  it("knows its tables and dead-letter queue", () => {
    expect(variablesOf("fraud-detector")).toEqual({
      FRAUD_COUNTERS_TABLE: expect.stringContaining("fraud-counters"),
      TRANSACTIONS_TABLE: expect.stringContaining("transactions"),
      LOW_VALUE_BATCH_DLQ_URL: expect.stringMatching(/low-value-batch-dlq_queue_.*\.url/),
      ROUTING_THRESHOLDS_USD: expect.any(String),
      LOG_LEVEL: "INFO",
    });
  });

  it("may count in its own table, and only add to the transactions", () => {
    const permissions = permissionsOf("low-tier_fraud-detector");
    expect(permissions["dynamodb:BatchGetItem"]).toContain("fraud-counters");
    expect(permissions["dynamodb:UpdateItem"]).toContain("fraud-counters");
    expect(permissions["dynamodb:UpdateItem"]).not.toContain("transactions");
    expect(permissions["dynamodb:PutItem"]).toMatch(/fraud-counters.*transactions/);
    expect(permissions).not.toHaveProperty("dynamodb:DeleteItem");
  });
});

describe("queues", () => {
  it.each([
    ["webhook-events", "webhook-dedup"],
    ["low-value-batch", "fraud-detector"],
  ] as const)("%s is taken by %s, five times at most", (queue, consumer) => {
    const { address } =
      resourcesOf(pipeline, "aws_sqs_queue").find(({ config }) => config.name === `${queue}-dev`) ?? {};
    const mapping = all("aws_lambda_event_source_mapping").find(
      (each) => each.event_source_arn === `\${${address}.arn}`,
    );
    expect(mapping).toMatchObject({
      function_name: expect.stringContaining(consumer),
      batch_size: 10,
      maximum_batching_window_in_seconds: 0,
    });
    expect(JSON.parse(String(named("aws_sqs_queue", `${queue}-dev`)?.redrive_policy))).toMatchObject({
      deadLetterTargetArn: expect.stringContaining(`${queue}-dlq`),
      maxReceiveCount: 5,
    });
  });
});

describe("workflows", () => {
  it.each([
    ["transaction-workflow-dev", "EXPRESS"],
    ["high-value-review-dev", "STANDARD"],
  ])("%s is %s", (name, type) => expect(named("aws_sfn_state_machine", name)?.type).toBe(type));

  it("give a person the environment's time", () => {
    const { definition } = named("aws_sfn_state_machine", "high-value-review-dev") ?? {};
    expect(JSON.parse(String(definition)).States.OpenReview.TimeoutSeconds).toBe(environments.dev.reviewTimeoutSeconds);
  });

  it.each(["transaction-workflow", "high-value-review"])("%s may do what its tasks do, and nothing else", (name) => {
    const permissions = permissionsOf(`workflows_${name}`);
    expect(
      Object.keys(permissions)
        .filter((action) => !/^(logs|xray):/.test(action))
        .sort(),
    ).toEqual([
      "dynamodb:PutItem",
      "dynamodb:UpdateItem",
      "kms:Decrypt",
      "kms:GenerateDataKey",
      "lambda:InvokeFunction",
      "sns:Publish",
      "sqs:SendMessage",
    ]);
  });
});

describe("the archive's functions", () => {
  const telemetry = {
    "logs:CreateLogStream": expect.any(String),
    "logs:PutLogEvents": expect.any(String),
    "xray:PutTelemetryRecords": "*",
    "xray:PutTraceSegments": "*",
  };
  const table = expect.stringMatching(/transactions_table_\w+arn\}$/);
  const index = expect.stringMatching(/transactions_table_\w+arn\}\/index\/ArchiveIndex$/);
  const bucket = expect.stringMatching(/transaction-audit-logs_bucket_\w+arn\}$/);
  const below = (...prefixes: string[]) =>
    expect.stringMatching(
      new RegExp(`^${prefixes.map((prefix) => `\\S+audit-logs_bucket_\\w+arn\\}/${prefix}/\\*`).join(" ")}$`),
    );

  it("archive-plan reads what isn't archived yet, and which days are", () => {
    expect(variablesOf("archive-plan")).toMatchObject({ SLICES_PER_HOUR: "1" });
    expect(permissionsOf("archival_archive-plan")).toEqual({
      ...telemetry,
      "dynamodb:Query": index,
      "s3:ListBucket": bucket,
      "kms:Decrypt": expect.stringMatching(/payments-data-key/),
    });
  });

  it("transaction-archival reads entries and bodies, and writes objects", () => {
    expect(named("aws_lambda_function", "transaction-archival-dev", "function_name")).toMatchObject({
      ephemeral_storage: { size: 2_048 },
    });
    expect(permissionsOf("archival_transaction-archival")).toEqual({
      ...telemetry,
      "dynamodb:Query": index,
      "dynamodb:BatchGetItem": table,
      "s3:ListBucket": expect.stringMatching(/webhook-payloads_bucket_\S+ \S+audit-logs_bucket_/),
      "s3:GetObject": expect.stringMatching(
        /webhook-payloads_bucket_\w+arn\}\/\* \S+event-ids\/\* \S+manifests\/\* \S+raw\/\* \S+staging\/\* \S+transactions\/\*$/,
      ),
      "s3:PutObject": below("event-ids", "raw", "staging", "transactions"),
      "kms:Decrypt": expect.stringMatching(/payments-data-key/),
      "kms:GenerateDataKey": expect.stringMatching(/payments-data-key/),
    });
  });

  it("archive-seal reads the archive, the exceptions and the queues, signs and writes manifests", () => {
    expect(variablesOf("archive-seal")).toMatchObject({ ENVIRONMENT: "dev" });
    expect(permissionsOf("archival_archive-seal")).toEqual({
      ...telemetry,
      "dynamodb:Scan": expect.stringMatching(/processed-webhooks_table_/),
      "sqs:GetQueueAttributes": expect.stringMatching(/webhook-events_queue_\S+ \S+webhook-events-dlq_queue_/),
      "kms:Sign": expect.stringMatching(/archive-signing-key/),
      "kms:GetPublicKey": expect.stringMatching(/archive-signing-key/),
      "s3:ListBucket": bucket,
      "s3:GetObject": below("chain", "lists", "manifests", "raw", "staging", "transactions"),
      "s3:PutObject": below("chain", "lists", "manifests", "staging", "tables"),
      "kms:Decrypt": expect.stringMatching(/payments-data-key/),
      "kms:GenerateDataKey": expect.stringMatching(/payments-data-key/),
    });
  });

  it("archive-release touches an item's end and its place in the index alone", () => {
    const policy = resourcesOf(pipeline, "aws_iam_role_policy").find(({ address }) =>
      address.includes("archive-release"),
    );
    expect(statementsOf(policy?.config.policy)).toContainEqual(
      expect.objectContaining({
        Action: ["dynamodb:UpdateItem"],
        Condition: expect.objectContaining({
          "ForAllValues:StringEquals": {
            "dynamodb:Attributes": ["transactionId", "entry", "archivePartition", "ttl"],
          },
        }),
      }),
    );
    expect(permissionsOf("archival_archive-release")).toEqual({
      ...telemetry,
      "dynamodb:BatchGetItem": table,
      "dynamodb:UpdateItem": table,
      "s3:ListBucket": bucket,
      "s3:GetObject": below("manifests", "transactions"),
      "kms:Decrypt": expect.stringMatching(/payments-data-key/),
    });
  });

  it("are called by daily-archive, which starts at 03:00 UTC", () => {
    expect(named("aws_scheduler_schedule", "daily-archive-dev")).toMatchObject({
      schedule_expression: "cron(0 3 * * ? *)",
      target: {
        arn: expect.stringMatching(/archival_daily-archive_machine_/),
        input: '{"scheduledAt":"<aws.scheduler.scheduled-time>"}',
      },
    });
    expect(pipeline.output?.DailyArchiveArn?.value).toMatch(/archival_daily-archive_machine_/);
  });
});

describe("the reconciliation", () => {
  it("knows its tables, places, providers and topics", () => {
    expect(variablesOf("webhook-reconciliation")).toEqual({
      PROCESSED_WEBHOOKS_TABLE: expect.stringContaining("processed-webhooks"),
      TRANSACTIONS_TABLE: expect.stringContaining("transactions"),
      RECONCILIATION_TABLE: expect.stringContaining("reconciliation_table"),
      ARCHIVE_BUCKET: expect.stringContaining("transaction-audit-logs"),
      WEBHOOK_EVENTS_QUEUE_URL: expect.stringMatching(/aws_sqs_queue\.intake_webhook-events_queue_.*\.url/),
      WEBHOOK_PAYLOADS_BUCKET: expect.stringContaining("webhook-payloads"),
      ENVIRONMENT: "dev",
      RECONCILED_PROVIDERS: '["stripe"]',
      API_KEY_SECRETS: expect.stringMatching(/^\{"stripe":"\$\{[^"]*api-key-stripe[^"]*\}"\}$/),
      ALERTS_TOPIC_ARN: expect.stringMatching(/aws_sns_topic\.reconciliation_alerts_topic/),
      CRITICAL_ALERTS_TOPIC_ARN: expect.stringMatching(/aws_sns_topic\.reconciliation_critical-alerts_topic/),
      ROUTING_THRESHOLDS_USD: expect.any(String),
      LOG_LEVEL: "INFO",
    });
  });

  it("reads claims and the ledger, and changes neither: what it makes up for goes through the queue", () => {
    const permissions = permissionsOf("reconciliation_webhook-reconciliation");
    expect(permissions).toMatchObject({
      "dynamodb:BatchGetItem": expect.stringMatching(/processed-webhooks\S+ \S+transactions_table/),
      "dynamodb:Query": expect.stringMatching(/transactions_\S+ \S+ArchiveIndex \S+OpenDiscrepanciesIndex$/),
      "dynamodb:UpdateItem": expect.stringMatching(/^\S+reconciliation_table\S+$/),
      "sqs:SendMessage": expect.stringMatching(/^\$\{aws_sqs_queue\.intake_webhook-events_queue_\S+$/),
      "secretsmanager:GetSecretValue": expect.stringMatching(/api-key-stripe/),
      "s3:PutObject": expect.stringMatching(/\/reconciliation\/\* \S+\/staging\/reconciliation\/\* \S+payloads/),
    });
    expect(Object.keys(permissions)).not.toContain("dynamodb:DeleteItem");
  });

  it("reads no secret where no provider is reconciled", () => {
    const none = synthesizeEnvironments([{ ...environments.dev, reconciledProviders: [] }]);
    const policies = JSON.stringify(resourcesOf(none["pipeline-dev"] as TerraformJson, "aws_iam_role_policy"));
    expect(policies).not.toContain("api-key-");
  });

  it("is a state machine that starts at 02:00 UTC, under a role of its own", () => {
    expect(named("aws_scheduler_schedule", "webhook-reconciliation-dev")).toMatchObject({
      group_name: expect.stringContaining("reconciliation_schedule_group"),
      schedule_expression: "cron(0 2 * * ? *)",
      target: {
        arn: expect.stringMatching(/reconciliation_state-machine_machine_|reconciliation_state-machine_\w+\.arn/),
        input: '{"scheduledAt":"<aws.scheduler.scheduled-time>"}',
      },
    });
    const roles = all("aws_iam_role").map(({ name }) => name);
    expect(roles).toEqual(expect.arrayContaining(["webhook-reconciliation-dev", "run-webhook-reconciliation-dev"]));
    expect(pipeline.output?.WebhookReconciliationArn?.value).toMatch(/reconciliation_state-machine/);
  });

  it.each([
    ["critical", reconciliationMetrics.names.openCriticalDiscrepancies, "ignore"],
    ["unchecked", reconciliationMetrics.names.unchecked, "notBreaching"],
  ])("rings for what is %s, in this environment alone", (what, metric, withoutData) => {
    const alarm = named("aws_cloudwatch_metric_alarm", `webhook-reconciliation-dev-${what}`, "alarm_name");
    expect(alarm).toMatchObject({
      namespace: "ECOSYSTEMAWS/Webhooks",
      metric_name: metric,
      dimensions: { service: "webhook-reconciliation", environment: "dev" },
      threshold: 0,
      treat_missing_data: withoutData,
    });
  });

  it("rings when no run has succeeded for a day and the hours in which Scheduler tries again", () => {
    const alarm = named("aws_cloudwatch_metric_alarm", "webhook-reconciliation-dev-not-succeeded", "alarm_name");
    expect(alarm).toMatchObject({
      metric_name: "ExecutionsSucceeded",
      evaluation_periods: 30,
      treat_missing_data: "breaching",
    });
  });
});

describe("the sweeps", () => {
  it.each([
    ["decision-sweep", "cron(30 * * * ? *)"],
    ["dead-letter-copy", "cron(0 4 * * ? *)"],
  ] as const)("%s is invoked by the clock, and what it fails at is kept", (lambda, expression) => {
    const fn = named("aws_lambda_function", `${lambda}-dev`, "function_name");
    const schedule = named("aws_scheduler_schedule", `${lambda}-dev`);
    const target = schedule?.target as { arn: string; dead_letter_config: { arn: string } };
    expect(schedule).toMatchObject({ schedule_expression: expression });
    expect(target.arn).toMatch(new RegExp(`aws_lambda_function\\.sweeps_${lambda}_function`));
    expect(fn?.dead_letter_config).toEqual({ target_arn: target.dead_letter_config.arn });
  });

  it("decision-sweep looks for undecided events, claims and puts them on the bus", () => {
    expect(permissionsOf("sweeps_decision-sweep")).toMatchObject({
      "dynamodb:Query": expect.stringMatching(/ArchiveIndex$/),
      "dynamodb:UpdateItem": expect.stringMatching(/^\S+processed-webhooks\S+$/),
      "events:PutEvents": expect.stringContaining("payment-events"),
    });
  });

  it("dead-letter-copy looks at every queue where messages end, and deletes nothing", () => {
    const { DEAD_LETTER_QUEUES: queues = "", ARCHIVE_BUCKET: bucket } = variablesOf("dead-letter-copy");
    const told = JSON.parse(String(pipeline.output?.DeadLetterQueues?.value)) as { name: string; url: string }[];
    expect(JSON.parse(queues)).toEqual(told.map(({ name, url }) => ({ name, url })));
    expect(bucket).toContain("transaction-audit-logs");
    const { "sqs:ReceiveMessage": looked = "", ...permissions } = permissionsOf("sweeps_dead-letter-copy");
    expect(looked.split(" ")).toHaveLength(told.length);
    expect(permissions["s3:PutObject"]).toMatch(/audit-logs_bucket_\w+arn\}\/dead-letters\/\*$/);
    expect(Object.keys(permissions)).not.toContain("sqs:DeleteMessage");
  });
});

describe("the exchange rates", () => {
  it("ring when the function that routes by them says that they are stale", () => {
    const name = "webhook-validator-dev-fx-rates-stale";
    expect(onlyResource(pipeline, "aws_cloudwatch_log_metric_filter")).toMatchObject({
      name,
      log_group_name: expect.stringMatching(/intake_webhook-validator_logs/),
      pattern: `{ $.code = "${staleRatesCode}" }`,
    });
    expect(named("aws_cloudwatch_metric_alarm", name, "alarm_name")).toMatchObject({
      alarm_description: expect.stringContaining(`older than ${fx.staleAfterDays} days`),
      alarm_actions: [expect.stringMatching(/operations-alarms/)],
    });
  });
});

describe("what is unroutable", () => {
  it("is never said to be sent again, which would be a duplicate", () => {
    const { alarm_description: text } =
      named("aws_cloudwatch_metric_alarm", "unroutable-dev-not-empty", "alarm_name") ?? {};
    expect(text).toMatch(
      /by hand, as docs\/runbook\.md says under unroutable-<env>-not-empty; a resend is a duplicate\./,
    );
    expect(text).not.toContain("send them again");
  });
});

describe("topics", () => {
  const subscriptionsOf = (environment: string) =>
    resourcesOf(stacks[`pipeline-${environment}`] as TerraformJson, "aws_sns_topic_subscription").map(({ config }) => [
      /^\$\{aws_sns_topic\.(?:reconciliation_)?([a-z-]+)_topic/.exec(String(config.topic_arn))?.[1],
      config.protocol,
      config.endpoint,
    ]);

  it("have no subscriptions in dev", () => expect(subscriptionsOf("dev")).toEqual([]));

  it("tell prod's people", () => {
    const { alertRecipients, operatorEmails } = environments.prod;
    expect(subscriptionsOf("prod").sort()).toEqual(
      [
        ...alertRecipients.emails.map((email) => ["transaction-alerts", "email", email]),
        ...alertRecipients.phoneNumbers.map((number) => ["transaction-alerts", "sms", number]),
        ...["operations-alarms", "alerts", "critical-alerts"].flatMap((topic) =>
          operatorEmails.map((email) => [topic, "email", email]),
        ),
        ...alertRecipients.phoneNumbers.map((number) => ["critical-alerts", "sms", number]),
      ].sort(),
    );
  });

  it("let CloudWatch ring for this account's alarms", () => {
    const policy = resourcesOf(pipeline, "aws_sns_topic_policy").find(({ address }) => address.includes("operations"));
    expect(statementsOf(policy?.config.policy)[1]).toMatchObject({
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Condition: { ArnLike: { "aws:SourceArn": expect.stringMatching(/:alarm:\*$/) } },
    });
  });
});
