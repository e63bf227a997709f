import { RetryableError } from "../shared/domain/retryable-error.ts";

export interface AttemptPorts {
  /** Milliseconds. */
  readonly sleep: (ms: number) => Promise<void>;
  /** 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
}

/** Attempts against others who score the same subject; the waits between them add up to at most 2.6 s. */
const maxAttempts = 8;
const firstBackoffMs = 10;

/**
 * Repeats an attempt that reads and then writes until it succeeds; it answers undefined when something changed between
 * the two.
 *
 * @throws RetryableError when others won every race for the event's subjects.
 */
export async function untilUnchanged<T>(
  { sleep, random }: AttemptPorts,
  attempt: () => Promise<T | undefined>,
): Promise<T> {
  for (let attempts = 0; attempts < maxAttempts; attempts += 1) {
    if (attempts > 0) await sleep(random() * firstBackoffMs * 2 ** attempts);
    const result = await attempt();
    if (result !== undefined) return result;
  }
  throw new RetryableError("subject-contended", "Other payments of the same subject were scored at the same time");
}
