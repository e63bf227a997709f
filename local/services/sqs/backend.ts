/** SQS, played by fauxqs. */
import type { Backend } from "../../aws/backends.ts";
import type { RuntimeClock } from "../../aws/types.ts";
import type { Fauxqs } from "../../emulators/fauxqs.ts";

export function sqsBackend(emulator: Fauxqs, clock: RuntimeClock): Backend {
  return {
    async call({ operation, input, principal }) {
      if (operation !== "ReceiveMessage" || principal.kind === "operator") return emulator.callSqs(operation, input);
      return emulator.callSqs(operation, { ...input, VisibilityTimeout: scaledVisibility(emulator, clock, input) });
    },
  };
}

/** The visibility timeout that a function's receive gets: the queue's, unless told otherwise, in scaled seconds. */
function scaledVisibility(emulator: Fauxqs, clock: RuntimeClock, input: Record<string, unknown>): number {
  const configured =
    input.VisibilityTimeout ?? emulator.sqs.getQueue(String(input.QueueUrl))?.attributes.VisibilityTimeout;
  return clock.scaled(Number(configured ?? 30) * 1_000) / 1_000;
}
