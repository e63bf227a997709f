import { statementsOf } from "../constructs/fixtures.ts";
import { resourcesOf } from "../synthesized.ts";
import { named, permissionsOf, pipeline, variablesOf } from "./dev-pipeline.ts";

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
