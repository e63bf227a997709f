import type { Counts } from "../shared/runtime/metrics.ts";
import type { Sweep } from "./sweep-decisions.ts";

/** A sweep as CloudWatch's metrics. One that hasn't seen everything can't say that nothing is left undecided. */
export function measured({ resent, refused, leftUndecided, isComplete }: Sweep): Counts<"decision-sweep"> {
  return {
    "DecisionSweep.Finished": isComplete && refused === 0 ? 1 : 0,
    "DecisionSweep.Resent": resent,
    ...((isComplete || leftUndecided > 0) && { "DecisionSweep.Undecided": leftUndecided }),
  };
}
