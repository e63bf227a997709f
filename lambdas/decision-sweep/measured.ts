import { sweepMetrics } from "../../config/sweep.ts";
import type { Sweep } from "./sweep-decisions.ts";

/** A sweep as CloudWatch's metrics, by name. One that hasn't seen everything can't say that nothing is left undecided. */
export function measured({ resent, refused, leftUndecided, isComplete }: Sweep): Readonly<Record<string, number>> {
  const { names } = sweepMetrics;
  return {
    [names.finished]: isComplete && refused === 0 ? 1 : 0,
    [names.resent]: resent,
    ...((isComplete || leftUndecided > 0) && { [names.undecided]: leftUndecided }),
  };
}
