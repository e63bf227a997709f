/** What the run itself has to show. */
import type { Check } from "./invariant.ts";

export const surroundingsChecks: readonly Check[] = [
  {
    name: "no permission was missing",
    look: ({ calls, deniedCalls }) => ({ seen: { calls }, problems: deniedCalls }),
  },
];

/** Only of a run that takes every way. */
export const grantCheck: Check = {
  name: "every permission was used, or is listed with its reason",
  look: ({ grants: { count, problems } = { count: 0, problems: [] } }) => ({
    seen: { permissions: count },
    note: "config/permissions.ts has the list",
    problems,
  }),
};

/** Only of a run with faults: a fault that never hit has proved nothing. */
export const scheduledFaultCheck: Check = {
  name: "every scheduled fault hit its call",
  look: ({ scheduledFaults: { planned, struck } = { planned: 0, struck: 0 } }) => ({
    seen: { faults: planned },
    problems: struck === planned ? [] : [`${struck} of ${planned} did`],
  }),
};
