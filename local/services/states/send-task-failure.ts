import type { SendTaskFailureCommandOutput } from "@aws-sdk/client-sfn";
import * as v from "valibot";
import { type Operation, readInput } from "../operation.ts";
import type { StatesDeps } from "./shared.ts";

const input = v.object({
  taskToken: v.pipe(v.string(), v.minLength(1), v.maxLength(2048)),
  error: v.optional(v.pipe(v.string(), v.maxLength(256)), "States.TaskFailed"),
  cause: v.optional(v.pipe(v.string(), v.maxLength(32_768)), ""),
});

/** Fails a waiting task with an error name that its Retry and Catch can match. */
export function sendTaskFailure({ tokens }: StatesDeps): Operation<SendTaskFailureCommandOutput> {
  return async (_principal, members) => {
    const { taskToken, error, cause } = readInput(input, members);
    tokens.fail(taskToken, error, cause);
    return {};
  };
}
