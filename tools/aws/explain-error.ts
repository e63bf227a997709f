import { PermanentError, RetryableError } from "../../lambdas/shared/domain/retryable-error.ts";
import { SigningError } from "../../lambdas/shared/providers/signing-error.ts";
import { placeOf, type Target } from "./target.ts";

/** What went wrong with a call, and what to do about it, in one line for the person at the command line. */
export function explainError(thrown: unknown, target: Target): string {
  // The adapters of the functions say it in the domain's words; what AWS said is behind them.
  const isOurs = thrown instanceof RetryableError || thrown instanceof PermanentError;
  const error = isOurs ? (thrown.cause ?? thrown) : thrown;
  if (!(error instanceof Error)) return String(error);
  if (error instanceof SigningError) return error.message;
  const place = placeOf(target);
  if (isUnreachable(error)) {
    return target.isLocal
      ? `Nothing answers at ${target.endpoint}. Start the local runtime with "npm start", or give its --endpoint.`
      : `AWS can't be reached for ${place}: check the network, --region and --endpoint.`;
  }
  if (error.name === "CredentialsProviderError" || error.name === "TokenProviderError") {
    return `There are no AWS credentials for ${place}. Log in (aws sso login) or set AWS_PROFILE, or say --local.`;
  }
  if (error.name === "ResourceNotFoundException") {
    return `${place} has no such table, secret or log group. Check --env and --region, and that it is deployed. (${error.message})`;
  }
  if (/^(AccessDenied|ExpiredToken|UnrecognizedClient|InvalidSignature)/.test(error.name)) {
    return `AWS refused the credentials for ${place}: ${error.message}`;
  }
  return `${error.name}: ${error.message || "no message"}`;
}

/** No answer at all: Node's network errors carry a code, those of several addresses in a list. */
function isUnreachable(error: Error): boolean {
  const codes = [error, ...("errors" in error && Array.isArray(error.errors) ? error.errors : [])].map(
    (one: unknown) => (one as { readonly code?: unknown }).code,
  );
  const isNetwork = codes.some((code) => typeof code === "string" && /^(E[A-Z]+|EAI_[A-Z]+)$/.test(code));
  return isNetwork || error.name === "TimeoutError";
}
