import type { Principal, RuntimeClock } from "../../../../local/aws/types.ts";
import type { Fauxqs } from "../../../../local/emulators/fauxqs.ts";
import { sqsBackend } from "../../../../local/services/sqs/backend.ts";

const clock: RuntimeClock = { speed: 20, now: () => 0, scaled: (milliseconds) => milliseconds / 20 };
const theFunction: Principal = { kind: "function", functionName: "f", roleArn: "arn:role" };

async function visibilityOf(
  principal: Principal,
  input: object,
  attributes: object = { VisibilityTimeout: "90" },
): Promise<unknown> {
  const seen: Record<string, unknown>[] = [];
  const emulator = {
    sqs: { getQueue: () => ({ attributes }) },
    callSqs: async (_operation: string, given: Record<string, unknown>) => {
      seen.push(given);
      return {};
    },
  } as unknown as Fauxqs;
  await sqsBackend(emulator, clock).call({
    principal,
    operation: "ReceiveMessage",
    input: { QueueUrl: "q", ...input },
  });
  return seen[0]?.VisibilityTimeout;
}

it("messages that a function receives come back after the queue's timeout, divided by the speed", async () => {
  expect(await visibilityOf(theFunction, {})).toBe(4.5);
  expect(await visibilityOf(theFunction, { VisibilityTimeout: 10 })).toBe(0.5);
});

it("what a person receives is hidden as long as asked", async () => {
  expect(await visibilityOf({ kind: "operator" }, { VisibilityTimeout: 10 })).toBe(10);
  expect(await visibilityOf({ kind: "operator" }, {})).toBeUndefined();
});
