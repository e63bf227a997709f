/** Waits that end early when their execution ends. All milliseconds are real ones, already divided by the speed. */
import { TaskFailure } from "./failure.ts";

/** Node's timers overflow above this and would fire at once. */
export const longestTimerMs = 2_147_483_647;

/** What a state's work ends with when its execution was stopped: neither retried nor caught. */
export function abandoned(): TaskFailure {
  return new TaskFailure("States.Aborted", "The execution has ended", "final");
}

/** @throws TaskFailure (final) when the execution ends first. */
export async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  for (let left = milliseconds; left > 0; left -= longestTimerMs) {
    await settleWithin(new Promise<never>(() => {}), { milliseconds: left, signal, onTimeout: () => undefined });
  }
}

/**
 * The result of `work`, unless the time is over (then `onTimeout` throws or gives the result) or the execution ends.
 * `work` itself can't be cancelled; its later outcome is dropped.
 */
export function settleWithin<T>(
  work: Promise<T>,
  limit: {
    readonly milliseconds: number | undefined;
    readonly signal: AbortSignal;
    readonly onTimeout: () => T | undefined;
  },
): Promise<T | undefined> {
  const { milliseconds, signal, onTimeout } = limit;
  return new Promise((resolve, reject) => {
    const timer = milliseconds === undefined ? undefined : setTimeout(expire, Math.min(milliseconds, longestTimerMs));
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
    };
    function expire() {
      end();
      try {
        resolve(onTimeout());
      } catch (error) {
        reject(error);
      }
    }
    function abort() {
      end();
      reject(abandoned());
    }
    work.then(resolve, reject).finally(end);
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort);
  });
}
