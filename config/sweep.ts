/** What decision-sweep tells CloudWatch of each sweep, as its alarm looks at it. */
export const sweepMetrics = {
  namespace: "ECOSYSTEMAWS/Webhooks",
  names: {
    /** Put on the bus again by this sweep. */
    resent: "DecisionSweep.Resent",
    /** Still undecided after as many sweeps as an event gets: a person has to look. */
    undecided: "DecisionSweep.Undecided",
  },
  /** Of each metric: the environments of an account share the namespace, and each has a bus of its own. */
  dimensions: (busName: string) => ({ service: "decision-sweep", bus: busName }),
} as const;
