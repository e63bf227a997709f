/** Step Functions: Standard machines by the state, Express ones by execution and time. */
import { Exact } from "../exact.ts";
import type { DeployedMachine } from "../infrastructure.ts";
import type { Item, Month } from "../month.ts";

const service = "Step Functions";

export function workflowItems(given: Month): readonly Item[] {
  return given.infrastructure.machines.flatMap((machine) => machineItems(given, machine));
}

function machineItems({ demand, shape }: Month, { name, type }: DeployedMachine): Item[] {
  const starts = demand.calls.filter(({ call, on }) => call === "states:StartExecution" && on === name);
  const executions = Exact.sum(starts.map(({ count }) => count));
  const transitions = { STANDARD: demand.transitions, SPLIT: demand.reviewedTransitions, EXPRESS: undefined }[type];
  const express = type === "STANDARD" ? Exact.zero : executions;
  return [
    {
      service,
      what: `${name}, transitions`,
      quantity: transitions?.get(name) ?? Exact.zero,
      price: "step-functions.transitions",
    },
    { service, what: `${name}, executions`, quantity: express, price: "step-functions.express-requests" },
    {
      service,
      what: `${name}, duration`,
      quantity: express.times(gbSecondsOfOne(shape)),
      price: "step-functions.express-duration",
    },
  ];
}

/** AWS rounds up to 100 ms and to 64 MB. */
function gbSecondsOfOne({ expressMs, expressMemoryMb }: Month["shape"]): Exact {
  const tenths = Exact.of(expressMs).over(100).ceil();
  const memoryParts = Exact.of(expressMemoryMb).over(64).ceil();
  return tenths.over(10).times(memoryParts).over(16);
}
