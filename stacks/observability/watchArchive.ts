import type { Construct } from "constructs";
import { SilenceAlarm } from "../constructs/SilenceAlarm.ts";
import { businessMetric, type Watching } from "./watching.ts";

/** A day is sealed every day at 03:00 UTC. That no execution has succeeded rings six hours earlier, and says more. */
const hours = 36;

/** That a day isn't sealed, whatever executions say of themselves. */
export function watchArchive(scope: Construct, watching: Watching): void {
  new SilenceAlarm(scope, "no-day-sealed", {
    ...businessMetric(watching, "sealedDays", "Sum"),
    alarmName: `${watching.names.lambda("archive-seal")}-no-day-sealed`,
    errorImpact: `None for customers: no day was sealed for ${hours} hours, so finance can't prove the last ones.`,
    firstSteps: [
      "See whether an alarm of daily-archive rings, and go on there if so.",
      "See what the last execution planned: the line of archive-plan names the days, or says that there are none.",
      "Start an execution with the input {}, and audit what it sealed: npm run cli -- audit.",
    ],
    hours,
    topic: watching.tickets,
  });
}
