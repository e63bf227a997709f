import { retryWaitMilliseconds } from "../../../../local/services/events/retry-policy.ts";

describe("retryWaitMilliseconds", () => {
  it.each([
    [1, 0, 500],
    [1, 1, 1_000],
    [2, 1, 2_000],
    [10, 1, 512_000],
    [11, 1, 600_000],
    [185, 0, 300_000],
  ])("waits after %d failures, with the random number %d, %d ms", (failed, random, expected) => {
    expect(retryWaitMilliseconds(failed, random)).toBe(expected);
  });
});
