import type { Outside } from "../../lambdas/shared/providers/types.ts";

/** An outside that nobody may ask. */
export const nobody: Outside = {
  text: () => Promise.reject(new Error("nobody is asked")),
  ask: () => Promise.reject(new Error("nobody is asked")),
  now: Date.now,
};
