import type { DescribeExecutionCommandOutput } from "@aws-sdk/client-sfn";
import * as v from "valibot";
import { type Operation, readInput } from "../operation.ts";
import { arn, dataDetails, findExecution, type StatesDeps } from "./shared.ts";

const input = v.object({ executionArn: arn });

/** A STANDARD execution as it stands. EXPRESS executions can't be described, as on AWS: their log group tells of them. */
export function describeExecution(deps: StatesDeps): Operation<DescribeExecutionCommandOutput> {
  return async (_principal, members) => {
    const record = findExecution(deps, readInput(input, members).executionArn);
    const { output, error, cause, stoppedAt, traceHeader } = record;
    return {
      executionArn: record.arn,
      stateMachineArn: record.machineArn,
      name: record.name,
      status: record.status,
      startDate: new Date(record.startedAt),
      ...(stoppedAt === undefined ? {} : { stopDate: new Date(stoppedAt) }),
      input: record.input,
      inputDetails: dataDetails,
      ...(output === undefined ? {} : { output, outputDetails: dataDetails }),
      ...(error === undefined ? {} : { error }),
      ...(cause === undefined ? {} : { cause }),
      ...(traceHeader === undefined ? {} : { traceHeader }),
      redriveCount: 0,
      redriveStatus: "NOT_REDRIVABLE",
    };
  };
}
