/** What of the demo's options is for the runtime that it starts. */
import { names } from "../../config/names.ts";
import { type ScheduledFault, scheduleText } from "../../local/process.ts";
import { lateIdPrefix } from "./plan.ts";

/** The environment that the demo plays. */
export const environment = "dev";

export interface RuntimeOptions {
  readonly faults?: string;
  readonly speed: number;
  readonly transport: string;
  readonly dynamodbEndpoint?: string;
  readonly build: boolean;
  /** File for what the kinds of events cost; the runtime has to measure for it. */
  readonly calls?: string;
}

const atPutEvents = {
  functionName: names(environment).lambda("webhook-dedup"),
  service: "events",
  operation: "PutEvents",
} as const;

/**
 * What goes with faults by chance: the moments in which a wrong order of steps, a failure that is taken for a success
 * or a missing fencing token costs an event, and which chance alone meets in hardly a run. The stalled call is one of
 * the last webhooks', which are sent when nothing else is under way: whoever takes its event over, once its lease and
 * its message's visibility have ended, completes it before the stalled one wakes.
 */
export const scheduledFaults: readonly ScheduledFault[] = [
  { ...atPutEvents, call: 2, stroke: "fail" },
  { ...atPutEvents, call: 3, stroke: "kill-before" },
  { ...atPutEvents, call: 5, stroke: "kill-after" },
  { ...atPutEvents, call: 8, stroke: "refuse" },
  { ...atPutEvents, call: 10, stroke: "fail" },
  { ...atPutEvents, call: lateIdPrefix, stroke: "stall" },
];

/** Arguments of `npm start`. Nothing is kept on disk. */
export function runtimeArguments(options: RuntimeOptions): readonly string[] {
  const { faults, speed, transport, dynamodbEndpoint, build, calls } = options;
  return [
    ...["--memory", "--env", environment, "--speed", String(speed), "--transport", transport],
    ...(faults === undefined ? [] : ["--faults", faults, "--fault-schedule", scheduleText(scheduledFaults)]),
    ...(dynamodbEndpoint === undefined ? [] : ["--dynamodb-endpoint", dynamodbEndpoint]),
    ...(build ? [] : ["--no-build"]),
    ...(calls === undefined ? [] : ["--meter"]),
  ];
}
