import { PermanentError, RetryableError } from "../domain/retryable-error.ts";

/**
 * Awaits one SDK call and throws its failure in the domain's terms: RetryableError for what may pass (throttles, 5xx,
 * networks, races), PermanentError for a request that AWS calls invalid. Anything else, such as a missing permission or
 * table, is a wrong deployment and is thrown as it is.
 *
 * By the time an error arrives here the SDK has repeated the call as often as its client is configured to.
 */
export async function inDomainTerms<T>(operation: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw domainErrorOf(operation, error);
  }
}

function domainErrorOf(operation: string, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  // The text of AWS's message stays in the cause: it may quote values of the request.
  if (isTransient(error)) return new RetryableError(error.name, `${operation} failed for now`, { cause: error });
  if (permanentNames.has(error.name)) {
    return new PermanentError(error.name, `${operation} refused the request as invalid`, { cause: error });
  }
  return error;
}

/** Errors of DynamoDB, S3, SQS and EventBridge that another attempt may not meet, beside all 5xx. */
const transientNames = new Set([
  // S3: another write of the same key was under way, and one of the two has to begin again.
  "ConditionalRequestConflict",
  "LimitExceededException",
  "OverLimit",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "RequestThrottled",
  "RequestThrottledException",
  "ThrottledException",
  "Throttling",
  "ThrottlingException",
  "TransactionConflictException",
  "TransactionInProgressException",
  "TimeoutError",
]);

/** Errors that say that this very request can never be served. */
const permanentNames = new Set([
  "InvalidMessageContents",
  "ItemCollectionSizeLimitExceededException",
  "ValidationError",
  "ValidationException",
]);

function isTransient(error: Error): boolean {
  if (transientNames.has(error.name)) return true;
  if ("$retryable" in error && error.$retryable !== undefined) return true;
  const status = httpStatusOf(error);
  if (status !== undefined) return status >= 500 || status === 429;
  // No answer at all: Node's network errors have a code such as ECONNRESET and no HTTP status.
  return "code" in error && typeof error.code === "string" && /^(E[A-Z]+|EAI_[A-Z]+)$/.test(error.code);
}

function httpStatusOf(error: Error): number | undefined {
  if (!("$metadata" in error) || typeof error.$metadata !== "object" || error.$metadata === null) return undefined;
  const { httpStatusCode } = error.$metadata as { readonly httpStatusCode?: number };
  return httpStatusCode;
}
