import type { SendTaskHeartbeatCommandOutput } from "@aws-sdk/client-sfn";
import * as v from "valibot";
import { type Operation, readInput } from "../operation.ts";
import type { StatesDeps } from "./shared.ts";

const input = v.object({ taskToken: v.pipe(v.string(), v.minLength(1), v.maxLength(2048)) });

/** Tells that a waiting task is still worked on: its HeartbeatSeconds begin again. */
export function sendTaskHeartbeat({ tokens }: StatesDeps): Operation<SendTaskHeartbeatCommandOutput> {
  return async (_principal, members) => {
    tokens.heartbeat(readInput(input, members).taskToken);
    return {};
  };
}
