import type { CreateLogStreamCommandOutput } from "@aws-sdk/client-cloudwatch-logs";
import * as v from "valibot";
import { AwsError } from "../../aws/types.ts";
import { type Operation, readInput } from "../operation.ts";
import { findGroup, invalidParameter, type LogsDeps, name } from "./shared.ts";

const input = v.object({ logGroupName: name, logStreamName: name });

export function createLogStream(deps: LogsDeps): Operation<CreateLogStreamCommandOutput> {
  return async (_principal, members) => {
    const request = readInput(input, members, invalidParameter);
    const group = findGroup(deps, request);
    if (group.streams.has(request.logStreamName)) {
      throw new AwsError("ResourceAlreadyExistsException", "The specified log stream already exists");
    }
    deps.append(group, request.logStreamName, []);
    return {};
  };
}
