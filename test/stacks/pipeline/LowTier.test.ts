import { permissionsOf, variablesOf } from "./dev-pipeline.ts";

describe("fraud-detector", () => {
  it("knows its tables and dead-letter queue", () => {
    expect(variablesOf("fraud-detector")).toEqual({
      FRAUD_COUNTERS_TABLE: expect.stringContaining("fraud-counters"),
      TRANSACTIONS_TABLE: expect.stringContaining("transactions"),
      LOW_VALUE_BATCH_DLQ_URL: expect.stringMatching(/low-value-batch-dlq_queue_.*\.url/),
      ROUTING_THRESHOLDS_USD: expect.any(String),
      ENVIRONMENT: "dev",
      LOG_LEVEL: "INFO",
      TRACING: "on",
      AWS_XRAY_CONTEXT_MISSING: "IGNORE_ERROR",
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
