import type { GetExecutionHistoryCommandOutput } from "@aws-sdk/client-sfn";
import * as v from "valibot";
import { type Operation, readInput } from "../operation.ts";
import { toHistoryEvent } from "./executions/history.ts";
import { arn, findExecution, maxResults, nextToken, pageOf, type StatesDeps } from "./shared.ts";

const input = v.object({
  executionArn: arn,
  maxResults,
  nextToken,
  reverseOrder: v.optional(v.boolean()),
  includeExecutionData: v.optional(v.boolean()),
});

/** The events of a STANDARD execution. */
export function getExecutionHistory(deps: StatesDeps): Operation<GetExecutionHistoryCommandOutput> {
  return async (_principal, members) => {
    const request = readInput(input, members);
    const record = findExecution(deps, request.executionArn);
    const events = deps.executions.events(record.arn);
    const page = pageOf(
      request.reverseOrder === true ? events.toReversed() : events,
      { maxResults: request.maxResults, nextToken: request.nextToken },
      (event) => String(event.id),
    );
    return {
      events: page.items.map((event) => toHistoryEvent(event, request.includeExecutionData ?? true)),
      ...(page.nextToken === undefined ? {} : { nextToken: page.nextToken }),
    };
  };
}
