import { closedDiscrepancyDays } from "./reconciliation.ts";

/** An event that a person has given up is kept on record as long as a closed discrepancy, for the same audits. */
export const givenUpDays = closedDiscrepancyDays;

/** What decision-sweep tells CloudWatch of each sweep, as its alarms look at it. */
export const sweepMetrics = {
  namespace: "ECOSYSTEMAWS/Webhooks",
  names: {
    /** 1 where a sweep has looked at all that was due, and the bus took what it was given; 0 otherwise. */
    finished: "DecisionSweep.Finished",
    /** Put on the bus again by this sweep. */
    resent: "DecisionSweep.Resent",
    /** Still undecided after as many sweeps as an event gets: a person has to look. */
    undecided: "DecisionSweep.Undecided",
  },
  /** Of each metric: the environments of an account share the namespace, and each has a bus of its own. */
  dimensions: (busName: string) => ({ service: "decision-sweep", bus: busName }),
} as const;
