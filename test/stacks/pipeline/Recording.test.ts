import { lambdas } from "../../../config/lambdas.ts";
import { named, permissionsOf, variablesOf } from "./dev-pipeline.ts";

describe("webhook-dedup", () => {
  it("knows its tables, bus and dead-letter queue", () => {
    expect(variablesOf("webhook-dedup")).toEqual({
      PROCESSED_WEBHOOKS_TABLE: expect.stringContaining("processed-webhooks"),
      TRANSACTIONS_TABLE: expect.stringContaining("transactions"),
      EVENT_BUS_NAME: expect.stringMatching(/aws_cloudwatch_event_bus\.payment-events_bus/),
      WEBHOOK_EVENTS_DLQ_URL: expect.stringMatching(/aws_sqs_queue\.intake_webhook-events-dlq_queue_.*\.url/),
      LEASE_SECONDS: "30",
      ROUTING_THRESHOLDS_USD: expect.any(String),
      ENVIRONMENT: "dev",
      LOG_LEVEL: "INFO",
      TRACING: "on",
      AWS_XRAY_CONTEXT_MISSING: "IGNORE_ERROR",
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
