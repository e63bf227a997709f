import type { SendTaskSuccessCommandOutput } from "@aws-sdk/client-sfn";
import * as v from "valibot";
import { AwsError } from "../../aws/types.ts";
import { type Operation, readInput } from "../operation.ts";
import type { Json } from "./asl/definition.ts";
import type { StatesDeps } from "./shared.ts";
import { largestDataBytes } from "./tasks/run-task.ts";

const input = v.object({ taskToken: v.pipe(v.string(), v.minLength(1), v.maxLength(2048)), output: v.string() });

/** Ends a waiting task with `output` (JSON text) as its result. A token answers once; then it is TaskTimedOut. */
export function sendTaskSuccess({ tokens }: StatesDeps): Operation<SendTaskSuccessCommandOutput> {
  return async (_principal, members) => {
    const { taskToken, output } = readInput(input, members);
    tokens.succeed(taskToken, parsedOutput(output));
    return {};
  };
}

function parsedOutput(output: string): Json {
  if (Buffer.byteLength(output) > largestDataBytes) {
    throw new AwsError("InvalidOutput", `Invalid Output: 'The output has more than ${largestDataBytes} bytes'`);
  }
  try {
    return JSON.parse(output) as Json;
  } catch (error) {
    throw new AwsError("InvalidOutput", `Invalid Output: '${(error as Error).message}'`);
  }
}
