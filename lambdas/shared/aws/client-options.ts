/**
 * Options of every AWS client. A connection that hangs is given up well within a handler's timeout, so that the error
 * is ours to report; three attempts with the SDK's own backoff and jitter cover short throttles.
 */
export const clientOptions = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
} as const;
