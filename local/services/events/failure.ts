import { AwsError } from "../../aws/types.ts";

/** Why a delivery failed, in the words of a dead letter's attributes. */
export interface DeliveryFailure {
  /** The codes of EventBridge's dead letters, as far as they can happen here. */
  readonly code: "NO_PERMISSIONS" | "NO_RESOURCE" | "THROTTLING" | "ERROR_FROM_TARGET" | "UNKNOWN";
  readonly message: string;
  /** EventBridge retries 5xx and throttling; what needs somebody to change something goes to the dead letters at once. */
  readonly isRetriable: boolean;
}

const throttlingCodes = new Set([
  "ThrottlingException",
  "Throttling",
  "TooManyRequestsException",
  "RequestThrottled",
  "RequestLimitExceeded",
  "ProvisionedThroughputExceededException",
  "ExecutionLimitExceeded",
  "SlowDown",
  "KMSThrottling",
]);
const missingResource = /NotFound|DoesNotExist|NonExistent|NoSuch/;

/** Classifies by the error's code and status, never by its text. An error that isn't AWS's is worth another try. */
export function failureOf(error: unknown): DeliveryFailure {
  if (!(error instanceof AwsError)) return { code: "UNKNOWN", message: String(error), isRetriable: true };
  const { code, status } = error;
  const message = `${code}: ${error.message}`;
  if (throttlingCodes.has(code) || status === 429) return { code: "THROTTLING", message, isRetriable: true };
  if (status >= 500) return { code: "ERROR_FROM_TARGET", message, isRetriable: true };
  if (status === 403 || code.startsWith("AccessDenied") || code.startsWith("AuthorizationError")) {
    return { code: "NO_PERMISSIONS", message, isRetriable: false };
  }
  if (status === 404 || missingResource.test(code)) return { code: "NO_RESOURCE", message, isRetriable: false };
  return { code: "ERROR_FROM_TARGET", message, isRetriable: false };
}
