import type { StopExecutionCommandOutput } from "@aws-sdk/client-sfn";
import * as v from "valibot";
import { type Operation, readInput } from "../operation.ts";
import { arn, findExecution, type StatesDeps } from "./shared.ts";

const input = v.object({
  executionArn: arn,
  error: v.optional(v.pipe(v.string(), v.maxLength(256))),
  cause: v.optional(v.pipe(v.string(), v.maxLength(32_768))),
});

/** Aborts a STANDARD execution; one that has ended stays as it is. */
export function stopExecution(deps: StatesDeps): Operation<StopExecutionCommandOutput> {
  return async (_principal, members) => {
    const { executionArn, error, cause } = readInput(input, members);
    const { arn } = findExecution(deps, executionArn);
    const record = await deps.executions.abort(arn, {
      ...(error === undefined ? {} : { error }),
      ...(cause === undefined ? {} : { cause }),
    });
    return { stopDate: new Date(record.stoppedAt ?? record.startedAt) };
  };
}
