import type { RuntimeClock } from "../../aws/types.ts";
import type { TargetConfig } from "./config.ts";
import type { DeliveryFailure } from "./failure.ts";

/** The limit of the retry policy that ended the retries. */
export type ExhaustedCondition = "MaximumRetryAttempts" | "MaximumEventAgeInSeconds";

const defaultRetryAttempts = 185;
const defaultEventAgeSeconds = 24 * 60 * 60;

const firstWaitMilliseconds = 1_000;
const longestWaitMilliseconds = 10 * 60 * 1_000;

/** Whether to try again; if not, which limit said so (none for a failure that isn't worth a retry). */
type RetryVerdict =
  | { readonly kind: "retry" }
  | { readonly kind: "give-up"; readonly exhausted: ExhaustedCondition | undefined };

/** @param attempt what was tried: failed attempts so far (at least 1) and the event's arrival in epoch milliseconds */
export function retryVerdict(
  target: Pick<TargetConfig, "maximumRetryAttempts" | "maximumEventAgeSeconds">,
  attempt: { readonly failed: number; readonly ingestedAt: number; readonly failure: DeliveryFailure },
  clock: RuntimeClock,
): RetryVerdict {
  const { maximumRetryAttempts = defaultRetryAttempts, maximumEventAgeSeconds = defaultEventAgeSeconds } = target;
  if (!attempt.failure.isRetriable) return { kind: "give-up", exhausted: undefined };
  if (attempt.failed > maximumRetryAttempts) return { kind: "give-up", exhausted: "MaximumRetryAttempts" };
  const age = clock.now() - attempt.ingestedAt;
  if (age >= clock.scaled(maximumEventAgeSeconds * 1_000)) {
    return { kind: "give-up", exhausted: "MaximumEventAgeInSeconds" };
  }
  return { kind: "retry" };
}

/**
 * Configured milliseconds before a retry: doubling from one second to ten minutes, of which a random half to whole.
 * AWS says "exponential back off and jitter" without figures; these spread its 185 attempts over its 24 hours.
 * @param failed failed attempts so far, at least 1
 * @param random uniform in [0, 1)
 */
export function retryWaitMilliseconds(failed: number, random: number): number {
  const whole = Math.min(longestWaitMilliseconds, firstWaitMilliseconds * 2 ** (failed - 1));
  return whole * (0.5 + random / 2);
}
