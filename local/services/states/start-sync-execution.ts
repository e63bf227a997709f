import type { StartSyncExecutionCommandOutput } from "@aws-sdk/client-sfn";
import * as v from "valibot";
import { type Operation, readInput } from "../operation.ts";
import {
  arn,
  checkedInput,
  checkedName,
  dataDetails,
  findMachine,
  requireType,
  type StatesDeps,
  traceHeader,
} from "./shared.ts";

const input = v.object({
  stateMachineArn: arn,
  name: v.optional(v.string()),
  input: v.optional(v.string()),
  traceHeader,
});

/** Runs an EXPRESS execution and answers with its end. A failed one is an answer, not an error. */
export function startSyncExecution(deps: StatesDeps): Operation<StartSyncExecutionCommandOutput> {
  return async (_principal, members, header) => {
    const request = readInput(input, members);
    const machine = requireType(findMachine(deps, request.stateMachineArn), "EXPRESS");
    const begun = deps.executions.begin(machine, {
      name: checkedName(request.name),
      input: checkedInput(request.input),
      traceHeader: header ?? request.traceHeader,
    });
    const record = await deps.executions.ended(begun.arn);
    const { output, error, cause, startedAt, stoppedAt = startedAt } = record;
    return {
      executionArn: record.arn,
      stateMachineArn: machine.arn,
      name: record.name,
      startDate: new Date(startedAt),
      stopDate: new Date(stoppedAt),
      status: record.status === "SUCCEEDED" || record.status === "TIMED_OUT" ? record.status : "FAILED",
      input: record.input,
      inputDetails: dataDetails,
      ...(output === undefined ? {} : { output, outputDetails: dataDetails }),
      ...(error === undefined ? {} : { error }),
      ...(cause === undefined ? {} : { cause }),
      ...(record.traceHeader === undefined ? {} : { traceHeader: record.traceHeader }),
      billingDetails: { billedDurationInMilliseconds: Math.ceil((stoppedAt - startedAt) / 100) * 100 },
    };
  };
}
