/** API Gateway's throttling: a bucket of `burst` tokens, refilled at `rate` a second. */
export function createThrottle(
  throttling: { readonly rate: number; readonly burst: number } | undefined,
  now: () => number,
): () => boolean {
  if (throttling === undefined) return () => true;
  const { rate, burst } = throttling;
  let tokens = burst;
  let filledAt = now();
  return () => {
    const time = now();
    tokens = Math.min(burst, tokens + ((time - filledAt) / 1_000) * rate);
    filledAt = time;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
