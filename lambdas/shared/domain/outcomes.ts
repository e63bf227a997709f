/** How a record of a batch ended, in the words that the queue adapter and the logs understand. */
import { PermanentError, RetryableError } from "./retryable-error.ts";

/** One message of a batch, parsed. */
export interface Delivery<TMessage> {
  /** SQS's id of this message; unique within a batch. */
  readonly messageId: string;
  readonly message: TMessage;
  /** X-Ray's trace header for what is made of the message, if it came with one. */
  readonly traceHeader?: string;
  /** Runs work on behalf of this message alone, whose trace then shows it. Work for several is run as it is. */
  readonly within?: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Runs work for one message of a batch, in the message's own trace where it has one. */
export function onBehalfOf<T>({ within }: Pick<Delivery<unknown>, "within">, work: () => Promise<T>): Promise<T> {
  return within === undefined ? work() : within(work);
}

export type RecordOutcome =
  /** Finished; the queue may forget the message. `outcome` is one word for the log: processed, duplicate … */
  | { readonly kind: "done"; readonly outcome: string }
  /** Look at it again later: the queue delivers it anew. */
  | { readonly kind: "retry"; readonly outcome: string; readonly error?: Error }
  /** Can never succeed: goes to the dead-letter queue at once, with its reason (WEBHOOK_RULES 15). */
  | { readonly kind: "reject"; readonly reason: string; readonly detail: string; readonly error?: Error };

/**
 * What an error means for the record it happened to. An error of neither class is a bug or a wrong deployment: the
 * message may be blameless, so it is delivered again, and the queue's receive count ends that if nobody mends it.
 */
export function outcomeOfError(error: unknown): RecordOutcome {
  if (error instanceof PermanentError) {
    return { kind: "reject", reason: error.code, detail: error.message, error };
  }
  return {
    kind: "retry",
    outcome: error instanceof RetryableError ? error.code : "unexpected-error",
    error: asError(error),
  };
}

/** What was thrown, as an error: JavaScript can throw anything. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error("Something other than an error was thrown", { cause: thrown });
}
