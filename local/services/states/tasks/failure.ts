/**
 * A state's failure: an error name that Retry and Catch match, and its cause. The library reads `name`, `message` and
 * the two getters, so that what AWS calls final (States.Runtime, too much data) is neither retried nor caught here.
 */
export class TaskFailure extends Error {
  readonly isFinal: boolean;

  constructor(error: string, cause: string, finality: "final" | "retryable" = "retryable") {
    super(cause);
    this.name = error;
    this.isFinal = finality === "final";
  }

  get isRetryable(): boolean {
    return !this.isFinal;
  }

  get isCatchable(): boolean {
    return !this.isFinal;
  }
}

/** Whether an `ErrorEquals` entry matches an error's name (States Language specification, "Errors"). */
export function matchesError(pattern: string, error: string): boolean {
  if (pattern === "States.ALL" || pattern === error) return true;
  const isTimeout = error === "States.Timeout" || error === "States.HeartbeatTimeout";
  return isTimeout ? pattern === "States.Timeout" : pattern === "States.TaskFailed";
}
