import type { Faults } from "./faults.ts";

/** Whether and at which of its AWS calls an invocation's worker is killed; one per function. */
export interface Mortality {
  /** An invocation begins in this environment. */
  begin(environment: object): void;
  /** Counts one AWS call of the environment; true when it dies at this one. */
  dies(environment: object): boolean;
}

interface Life {
  calls: number;
  readonly fatalCall: number | undefined;
}

/** A doomed invocation dies at any of as many calls as the function made the last time, so that it dies indeed. */
export function createMortality(crashAtCall: Faults["crashAtCall"]): Mortality {
  const lives = new WeakMap<object, Life>();
  let usualCalls = 1;
  return {
    begin(environment) {
      usualCalls = Math.max(1, lives.get(environment)?.calls ?? usualCalls);
      lives.set(environment, { calls: 0, fatalCall: crashAtCall(usualCalls) });
    },
    dies(environment) {
      const life = lives.get(environment);
      if (life === undefined) return false;
      life.calls += 1;
      return life.calls === life.fatalCall;
    },
  };
}
