/**
 * Options of every AWS client. A connection that hangs is given up well within a handler's timeout, so that the error
 * is ours to report; three attempts with the SDK's own backoff and jitter cover short throttles.
 */
export const clientOptions = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
} as const;

/** The same for functions that move much at a time and that nobody waits for: objects of 128 MB take their time. */
export const bulkClientOptions = {
  maxAttempts: 5,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 120_000, throwOnRequestTimeout: true },
} as const;

/**
 * Takes the SDK's own call log out of a client. Nobody reads it, yet it copies every input and output: a tenth to a
 * quarter of a call's CPU. What we log is our own, by the closed list of runtime/log.ts.
 */
export function withoutCallLog<Client extends { readonly middlewareStack: { remove(name: string): boolean } }>(
  client: Client,
): Client {
  client.middlewareStack.remove("loggerMiddleware");
  return client;
}
