/**
 * A transient fault: nothing is wrong with the input, and the same call may succeed later. Runtime adapters turn it
 * into 503 with Retry-After, or leave the record in its queue. Expected outcomes are values, everything else is a bug.
 */
export class RetryableError extends Error {
  /** Machine-readable reason, e.g. `queue-unavailable`. */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "RetryableError";
    this.code = code;
  }
}

/** A fault that repeating can't mend: the record it happened to goes to the dead-letter queue at once. */
export class PermanentError extends Error {
  /** Machine-readable reason; becomes the dead letter's `reason`. */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "PermanentError";
    this.code = code;
  }
}
