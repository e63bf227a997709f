import type { ListExecutionsCommandOutput } from "@aws-sdk/client-sfn";
import * as v from "valibot";
import { type Operation, readInput } from "../operation.ts";
import { arn, findMachine, maxResults, nextToken, pageOf, requireType, type StatesDeps } from "./shared.ts";

const statuses = ["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"] as const;
const input = v.object({
  stateMachineArn: arn,
  statusFilter: v.optional(v.picklist(statuses)),
  maxResults,
  nextToken,
});

/** A STANDARD machine's executions, newest first. */
export function listExecutions(deps: StatesDeps): Operation<ListExecutionsCommandOutput> {
  return async (_principal, members) => {
    const request = readInput(input, members);
    const machine = requireType(findMachine(deps, request.stateMachineArn), "STANDARD");
    const page = pageOf(
      deps.executions.list(machine.arn, request.statusFilter),
      { maxResults: request.maxResults, nextToken: request.nextToken },
      (record) => record.arn,
    );
    return {
      executions: page.items.map((record) => ({
        executionArn: record.arn,
        stateMachineArn: record.machineArn,
        name: record.name,
        status: record.status,
        startDate: new Date(record.startedAt),
        ...(record.stoppedAt === undefined ? {} : { stopDate: new Date(record.stoppedAt) }),
        redriveCount: 0,
      })),
      ...(page.nextToken === undefined ? {} : { nextToken: page.nextToken }),
    };
  };
}
