/** What is kept of an execution, and where. */
export type ExecutionStatus = "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";

export interface ExecutionRecord {
  readonly arn: string;
  readonly machineArn: string;
  readonly name: string;
  /** JSON text, as it was given. */
  readonly input: string;
  /** X-Ray's, of the call that began it. */
  readonly traceHeader?: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly status: ExecutionStatus;
  readonly stoppedAt?: number;
  /** JSON text. */
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
}

/** How an execution ended. */
export type Outcome = Pick<ExecutionRecord, "output" | "error" | "cause"> & {
  readonly status: Exclude<ExecutionStatus, "RUNNING">;
};

/**
 * Where executions outlive the process. After a restart the unfinished ones are begun again from their start, with the
 * same id and input: at least once, as AWS says of EXPRESS machines. Their states must be idempotent (WEBHOOK_RULES 14).
 */
export interface ExecutionStore {
  /** Adds the execution or replaces it; `history` (packed events) comes with a finished STANDARD one. */
  save(record: ExecutionRecord, history?: Uint8Array): void;
  remove(arn: string): void;
  history(arn: string): Uint8Array | undefined;
  /** Everything kept, oldest start first. */
  load(): readonly ExecutionRecord[];
  close(): void;
}
