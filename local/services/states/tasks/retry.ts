/** Retry of one state entry, with AWS's defaults, backoff, cap and full jitter. */
import type { Retrier } from "../asl/definition.ts";
import { matchesError, TaskFailure } from "./failure.ts";

export interface Retries {
  /** Configured milliseconds to wait before the next attempt; undefined when there is none. */
  next(error: unknown): number | undefined;
}

/** Each retrier counts its own attempts, from one entry of the state on. `random` gives 0 ≤ x < 1. */
export function countRetries(retriers: readonly Retrier[], random: () => number): Retries {
  const attempts = new Map<Retrier, number>();
  return {
    next(error) {
      if (!(error instanceof TaskFailure) || !error.isRetryable) return undefined;
      const retrier = retriers.find((one) => one.ErrorEquals.some((pattern) => matchesError(pattern, error.name)));
      if (retrier === undefined) return undefined;
      const done = attempts.get(retrier) ?? 0;
      if (done >= (retrier.MaxAttempts ?? 3)) return undefined;
      attempts.set(retrier, done + 1);
      const backoff = (retrier.IntervalSeconds ?? 1) * (retrier.BackoffRate ?? 2) ** done;
      const seconds = Math.min(backoff, retrier.MaxDelaySeconds ?? Number.POSITIVE_INFINITY);
      return seconds * 1000 * (retrier.JitterStrategy === "FULL" ? random() : 1);
    },
  };
}
