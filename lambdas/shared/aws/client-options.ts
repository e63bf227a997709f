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

/** As much of a client as those touch who put something around its calls. */
export interface AnyClient {
  readonly middlewareStack: { remove(name: string): boolean };
}

/** The clients of this process, for whoever shows their calls where tracing is on (runtime/xray.ts). */
export const clients: ReadonlySet<AnyClient> = new Set<AnyClient>();

/**
 * Takes the SDK's own call log out of a client, and lists the client among `clients`. Nobody reads that log, yet it copies
 * every input and output: a tenth to a quarter of a call's CPU. What we log is our own, by the closed list of
 * runtime/log.ts.
 */
export function withoutCallLog<Client extends AnyClient>(client: Client): Client {
  client.middlewareStack.remove("loggerMiddleware");
  (clients as Set<AnyClient>).add(client);
  return client;
}
