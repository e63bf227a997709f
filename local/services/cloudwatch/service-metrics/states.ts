/** Source: Step Functions Developer Guide, "Monitoring Step Functions metrics using Amazon CloudWatch". */
import type { ExecutionRecord, ExecutionStatus } from "../../states/executions/record.ts";
import { type Book, tellerOf } from "./teller.ts";

const ends: Readonly<Partial<Record<ExecutionStatus, string>>> = {
  SUCCEEDED: "ExecutionsSucceeded",
  FAILED: "ExecutionsFailed",
  TIMED_OUT: "ExecutionsTimedOut",
  ABORTED: "ExecutionsAborted",
};

export interface StatesMetrics {
  /** Told of each execution as it begins and as it ends. */
  changed(record: ExecutionRecord): void;
  throttled(machineArn: string): void;
}

export function statesMetrics(book: Book): StatesMetrics {
  const teller = tellerOf(book, "AWS/States");
  const ofMachine = (arn: string) => teller(["StateMachineArn", arn]);
  return {
    changed({ machineArn, status, startedAt, stoppedAt }) {
      const tell = ofMachine(machineArn);
      const end = ends[status];
      tell(end ?? "ExecutionsStarted", 1);
      if (end !== undefined && stoppedAt !== undefined) tell("ExecutionTime", stoppedAt - startedAt, "Milliseconds");
    },
    throttled: (arn) => ofMachine(arn)("ExecutionThrottled", 1),
  };
}
