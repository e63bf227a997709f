import type { StartExecutionCommandOutput } from "@aws-sdk/client-sfn";
import * as v from "valibot";
import { type Operation, readInput } from "../operation.ts";
import { arn, checkedInput, checkedName, findMachine, type StatesDeps, traceHeader } from "./shared.ts";

const input = v.object({
  stateMachineArn: arn,
  name: v.optional(v.string()),
  input: v.optional(v.string()),
  traceHeader,
});

/**
 * Begins an execution and answers at once. The same STANDARD name with the same input while it runs gives the same ARN;
 * with another input, or once it has ended, ExecutionAlreadyExists. EXPRESS names may repeat.
 */
export function startExecution(deps: StatesDeps): Operation<StartExecutionCommandOutput> {
  return async (_principal, members, header) => {
    const request = readInput(input, members);
    const machine = findMachine(deps, request.stateMachineArn);
    const record = deps.executions.begin(machine, {
      name: checkedName(request.name),
      input: checkedInput(request.input),
      // The header of the call comes before the member.
      traceHeader: header ?? request.traceHeader,
    });
    return { executionArn: record.arn, startDate: new Date(record.startedAt) };
  };
}
