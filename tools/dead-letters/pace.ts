/** Lets at most so many begin a second, evenly: `await` it before each. */
export function createPace(
  ratePerSecond: number,
  { now, sleep }: { readonly now: () => number; readonly sleep: (milliseconds: number) => Promise<unknown> },
): () => Promise<void> {
  let nextMs = Number.NEGATIVE_INFINITY;
  return async () => {
    const waitMs = nextMs - now();
    nextMs = Math.max(now(), nextMs) + 1000 / ratePerSecond;
    if (waitMs > 0) await sleep(waitMs);
  };
}
