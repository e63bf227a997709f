/**
 * Why a webhook isn't taken: the values of the metrics' dimension `reason`. Logs and answers say the code itself, of which
 * each provider has some of its own; here those stand together, since CloudWatch bills every value.
 */
export const refusalReasons = [
  // The signature, or what it covers.
  "signature_missing",
  "signature_malformed",
  "signature_mismatch",
  "timestamp_missing",
  "timestamp_malformed",
  "timestamp_stale",
  "timestamp_future",
  "certificate_missing",
  "certificate_refused",
  "certificate_unknown",
  "certificate_invalid",
  "object_unknown",
  "mode_mismatch",
  "credentials_missing",
  "credentials_mismatch",
  // The request.
  "unknown_provider",
  "body_too_large",
  "batch_too_large",
  "body_malformed",
  "not_an_event",
  "event_not_queueable",
  // What is set up here: the sender tries again.
  "secret_missing",
  "secret_misconfigured",
  "secret_not_live",
  "api_key_refused",
  "temporarily_unavailable",
  "other",
] as const;

export type RefusalReason = (typeof refusalReasons)[number];
