interface PacePorts {
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  /** Once it is so, nobody waits any more. */
  readonly isStopped: () => boolean;
}

/** Longest wait in which nobody looks whether to stop. */
const longestSleepMs = 200;

/** Lets at most so many begin a second, evenly: `await` it before each. */
export function createPace(ratePerSecond: number, { now, sleep, isStopped }: PacePorts): () => Promise<void> {
  let nextMs = Number.NEGATIVE_INFINITY;
  return async () => {
    let waitMs = nextMs - now();
    nextMs = Math.max(now(), nextMs) + 1000 / ratePerSecond;
    for (; waitMs > 0 && !isStopped(); waitMs -= longestSleepMs) await sleep(Math.min(waitMs, longestSleepMs));
  };
}
