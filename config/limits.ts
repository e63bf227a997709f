/**
 * Limits that AWS sets, and the ones that we set below them. Names end in their unit.
 * Sources: the service quotas pages of API Gateway, Lambda, SQS, EventBridge, Step Functions and DynamoDB.
 */
export const limits = {
  /** Largest webhook body that is accepted (WEBHOOK_RULES 4). */
  webhookBodyBytes: 1024 * 1024,
  /** A body of more items is not a webhook any more; the providers' own largest batches have 250. */
  webhookItems: 500,
  /** A queue message above this goes to the bucket `webhook-payloads` (claim check, WEBHOOK_RULES 12). */
  inlineMessageBytes: 64 * 1024,
  /** How far a signed timestamp may lie from now, either way; exactly this far still passes (WEBHOOK_RULES 2). */
  signatureToleranceSeconds: 300,
  /** A change of a provider's secrets is known everywhere this long after it at the latest (WEBHOOK_RULES 3). */
  secretsCachedSeconds: 600,
  /** Deduplication window (WEBHOOK_RULES 9): longer than any provider's resend window. */
  dedupWindowDays: 35,
  /** EventBridge compares numbers within ±5e9 only, so routing amounts are capped well below (WEBHOOK_RULES 11). */
  routingAmountUsdCap: 1e9,
  /** PutEvents takes ten entries a call. */
  putEventsEntries: 10,
  /** Entries of one PutEvents call together. */
  putEventsBytes: 256 * 1024,
  /** SQS takes and gives ten messages a call. */
  sqsBatchEntries: 10,
  /** API Gateway REST waits this long for its integration. */
  apiGatewayTimeoutSeconds: 29,
  /** API Gateway REST refuses larger bodies by itself. */
  apiGatewayPayloadBytes: 10 * 1024 * 1024,
  /** Lambda refuses larger synchronous request payloads. */
  lambdaPayloadBytes: 6 * 1024 * 1024,
  /** DLQs keep messages this long, counted from the first enqueue. */
  dlqRetentionDays: 14,
  /** The archive bucket's name, with account and region in it, takes 51 of the 63 characters that S3 allows. */
  environmentNameLength: 12,
  /** Days that a sealed event's items stay in `transactions`: its raw bytes and decision are at hand that long. */
  archiveGraceDays: 45,
  /** So many runs of reconciliation send an event that isn't taken through the queue again; then it is a person's. */
  reconciliationRetries: 5,
  /** How long a person has to answer a review before it escalates. */
  reviewTimeoutHours: 24,
} as const;
