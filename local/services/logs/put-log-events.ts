import type { PutLogEventsCommandOutput } from "@aws-sdk/client-cloudwatch-logs";
import * as v from "valibot";
import { AwsError } from "../../aws/types.ts";
import { type Operation, readInput } from "../operation.ts";
import { findGroup, invalidParameter, type LogsDeps, name } from "./shared.ts";

const event = v.object({ timestamp: v.number(), message: v.pipe(v.string(), v.minLength(1)) });
const input = v.object({
  logGroupName: name,
  logStreamName: name,
  logEvents: v.pipe(v.array(event), v.minLength(1), v.maxLength(10_000)),
});

/** Streams that a service delivers to are made at the first delivery; others have to be there. */
export function putLogEvents(deps: LogsDeps): Operation<PutLogEventsCommandOutput> {
  return async (principal, members) => {
    const request = readInput(input, members, invalidParameter);
    const group = findGroup(deps, request);
    if (principal.kind !== "service" && !group.streams.has(request.logStreamName)) {
      throw new AwsError("ResourceNotFoundException", "The specified log stream does not exist.");
    }
    deps.append(group, request.logStreamName, request.logEvents);
    return {};
  };
}
