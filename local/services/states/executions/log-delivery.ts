/** Execution events in a machine's log group, as Step Functions writes them. */
import type { Machine } from "../machine.ts";
import { type RecordedEvent, withoutData } from "./history.ts";

/** Writes lines to a stream of a log group, in order. The logs service's `append`. */
export type AppendLog = (groupName: string, streamName: string, messages: readonly string[]) => void;

const fatal = new Set<string>(["ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut"]);
const errors = /(Failed|TimedOut|Aborted)$/;

/** Hears the events of one execution and logs those of the machine's level. */
export function deliverTo(append: AppendLog, machine: Machine, executionArn: string): (event: RecordedEvent) => void {
  const { logging } = machine;
  if (logging === undefined || logging.level === "OFF") return () => {};
  const group = logGroupName(logging.logGroupArn);
  return (event) => {
    if (logging.level === "FATAL" && !fatal.has(event.type)) return;
    if (logging.level === "ERROR" && !errors.test(event.type)) return;
    const details = event.details ?? {};
    const hour = new Date(event.at).toISOString().slice(0, 13).replace("T", "-");
    const entry = {
      id: String(event.id),
      type: event.type,
      details: logging.includeExecutionData ? details : withoutData(details),
      previous_event_id: String(event.previousEventId),
      event_timestamp: String(event.at),
      execution_arn: executionArn,
      redrive_count: "0",
    };
    append(group, `states/${machine.name}/${hour}/00000000`, [JSON.stringify(entry)]);
  };
}

function logGroupName(arn: string): string {
  return arn.replace(/^.*:log-group:/, "").replace(/:\*$/, "");
}
