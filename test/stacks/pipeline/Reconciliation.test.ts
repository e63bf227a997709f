import { environments } from "../../../config/environments.ts";
import { resourcesOf, synthesizeEnvironments, type TerraformJson } from "../synthesized.ts";
import { all, named, permissionsOf, pipeline, variablesOf } from "./dev-pipeline.ts";

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
    ["critical", "WebhookReconciliation.OpenCriticalDiscrepancies", "ignore"],
    ["unchecked", "WebhookReconciliation.Unchecked", "notBreaching"],
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
