/**
 * Faults for fakes: what can happen to a worker at each call that it makes. A call is refused before it had an effect,
 * or its answer is lost after it had one, or the worker dies before or after it: then nothing of it ever goes on.
 */
import { RetryableError } from "../../lambdas/shared/domain/retryable-error.ts";

export type Fault = "none" | "refused" | "answer-lost" | "dies-before" | "dies-after";

export interface WorkerLife {
  /** Wraps a port's methods so that each call takes the next fault and some turns of the event loop. */
  endangered<TPort extends object>(port: TPort): TPort;
  /** The invocation's result, or "died". */
  run<T>(invocation: () => Promise<T>): Promise<T | "died">;
}

/** `nextFault` is asked at every call; `turns` for how long the call takes, so that workers interleave. */
export function aWorkerLife(nextFault: () => Fault, turns: () => number = () => 0): WorkerLife {
  const death = Promise.withResolvers<"died">();
  let isDead = false;
  const forever = new Promise<never>(() => {});

  function die(): Promise<never> {
    isDead = true;
    death.resolve("died");
    return forever;
  }

  async function called(effect: () => Promise<unknown>): Promise<unknown> {
    for (let turn = turns(); turn > 0; turn -= 1) await Promise.resolve();
    if (isDead) return forever;
    const fault = nextFault();
    if (fault === "dies-before") return die();
    if (fault === "refused") throw new RetryableError("throttled", "refused by the test");
    const result = await effect();
    if (isDead) return forever;
    if (fault === "dies-after") return die();
    if (fault === "answer-lost") throw new RetryableError("answer-lost", "answer lost by the test");
    return result;
  }

  return {
    endangered: (port) =>
      Object.fromEntries(
        Object.entries(port).map(([name, member]) => [
          name,
          typeof member === "function" ? (...args: unknown[]) => called(async () => member(...args)) : member,
        ]),
      ) as typeof port,
    run: (invocation) => Promise.race([invocation(), death.promise]),
  };
}
