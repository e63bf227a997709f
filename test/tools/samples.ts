/** Items as the pipeline writes them, and the records that the commands make of them. */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { ClaimRecord, DecisionRecord, FactRecord, ReviewRecord } from "../../tools/aws/records.ts";

export const reviewItem: Readonly<Record<string, AttributeValue>> = {
  eventId: { S: "review#stripe:evt_1" },
  reviewStatus: { S: "OPEN" },
  openedAt: { S: "2026-11-20T08:00:00.000Z" },
  taskToken: { S: "token-1" },
  transactionId: { S: "stripe:pi_1" },
  amountMinor: { N: "123456789012345678901234567890" },
  currency: { S: "USD" },
  score: { N: "0.6" },
  reasons: { S: '[{"code":"provider-risk","weight":0.6,"detail":"The provider is wary"}]' },
  escalations: { N: "0" },
};

export function aReview(overrides: Partial<ReviewRecord> = {}): ReviewRecord {
  return {
    eventId: "stripe:evt_1",
    reviewStatus: "OPEN",
    openedAt: "2026-11-20T08:00:00.000Z",
    taskToken: "token-1",
    transactionId: "stripe:pi_1",
    amountMinor: "1250000",
    currency: "USD",
    score: 0.6,
    reasons: [{ code: "provider-risk", weight: 0.6, detail: "The provider is wary" }],
    escalations: 0,
    ...overrides,
  };
}

export function aDecision(overrides: Partial<DecisionRecord> = {}): DecisionRecord {
  return {
    kind: "decision",
    eventId: "stripe:evt_1",
    decision: "APPROVE",
    score: 0.6,
    reasons: [{ code: "provider-risk", weight: 0.6, detail: "The provider is wary" }],
    modelVersion: "scorecard-1",
    decidedAt: "2026-11-20T09:00:00.000Z",
    decidedBy: "ada",
    why: "called back",
    tier: "high",
    ...overrides,
  };
}

export function aClaim(overrides: Partial<ClaimRecord> = {}): ClaimRecord {
  return { status: "COMPLETED", retryCount: 0, result: "routed as high", ...overrides };
}

export function aFact(overrides: Partial<FactRecord> = {}): FactRecord {
  return {
    kind: "fact",
    eventId: "stripe:evt_1",
    transactionId: "stripe:pi_1",
    provider: "stripe",
    type: "payment.succeeded",
    providerType: "payment_intent.succeeded",
    amountMinor: "1250000",
    currency: "USD",
    routingAmountUsd: 12_500,
    fxDate: "2026-11-20",
    occurredAt: "2026-11-20T07:59:58.000Z",
    receivedAt: "2026-11-20T07:59:59.000Z",
    correlationId: "correlation-1",
    source: "webhook",
    tier: "high",
    archivePartition: "2026-11-20T07#03",
    ...overrides,
  };
}
