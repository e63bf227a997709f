/** SQS, played by fauxqs. */
import type { Backend } from "../../aws/backends.ts";
import type { RuntimeClock } from "../../aws/types.ts";
import type { Fauxqs } from "../../emulators/fauxqs.ts";
import { askingForTraceHeader, withSystemAttribute, withTraceHeaders } from "./trace-header.ts";

export function sqsBackend(emulator: Fauxqs, clock: RuntimeClock): Backend {
  return {
    async call({ operation, input, principal, traceHeader }) {
      if (operation !== "ReceiveMessage") {
        return emulator.callSqs(operation, { ...withTraceHeaders(operation, input, traceHeader) });
      }
      const asked = askingForTraceHeader(input);
      const timeout = principal.kind !== "operator" && { VisibilityTimeout: scaledVisibility(emulator, clock, input) };
      return withSystemAttribute(input, await emulator.callSqs(operation, { ...asked, ...timeout }));
    },
  };
}

/** The visibility timeout that a function's receive gets: the queue's, unless told otherwise, in scaled seconds. */
function scaledVisibility(emulator: Fauxqs, clock: RuntimeClock, input: Record<string, unknown>): number {
  const configured =
    input.VisibilityTimeout ?? emulator.sqs.getQueue(String(input.QueueUrl))?.attributes.VisibilityTimeout;
  return clock.scaled(Number(configured ?? 30) * 1_000) / 1_000;
}
