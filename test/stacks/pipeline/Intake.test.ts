import { fx, staleRatesCode } from "../../../config/fx.ts";
import { providerNames } from "../../../config/providers.ts";
import { onlyResource } from "../synthesized.ts";
import { named, permissionsOf, pipeline, variablesOf } from "./dev-pipeline.ts";

describe("webhook-validator", () => {
  it("knows its queue, its bucket and its secrets", () => {
    const { PROVIDER_SECRETS: secrets, ...rest } = variablesOf("webhook-validator");
    expect(Object.keys(JSON.parse(secrets ?? ""))).toEqual([...providerNames]);
    expect(rest).toEqual({
      WEBHOOK_EVENTS_QUEUE_URL: expect.stringMatching(/aws_sqs_queue\.intake_webhook-events_queue_.*\.url/),
      WEBHOOK_PAYLOADS_BUCKET: expect.stringMatching(/webhook-payloads_bucket_.*bucket/),
      ROUTING_THRESHOLDS_USD: '{"mediumFrom":1000,"highAbove":10000}',
      ENVIRONMENT: "dev",
      LOG_LEVEL: "INFO",
      TRACING: "on",
      AWS_XRAY_CONTEXT_MISSING: "IGNORE_ERROR",
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
