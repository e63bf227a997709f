import { type SendMessageBatchCommand, SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { createWebhookQueue } from "../../../../lambdas/shared/aws/webhook-queue.ts";
import { PermanentError, RetryableError } from "../../../../lambdas/shared/domain/retryable-error.ts";

interface BatchInput {
  readonly Entries: readonly { readonly Id: string; readonly MessageBody: string }[];
}

/** A queue that refuses each message as often as `refusals` says, whatever call it comes in. */
function queueWith(refusals: Readonly<Record<string, number>> = {}) {
  const taken: string[] = [];
  const calls: (SendMessageCommand | SendMessageBatchCommand)[] = [];
  const left = new Map(Object.entries(refusals));
  const waits: number[] = [];
  const client = {
    async send(command: SendMessageCommand | SendMessageBatchCommand) {
      calls.push(command);
      if (command instanceof SendMessageCommand) {
        taken.push(command.input.MessageBody ?? "");
        return {};
      }
      const { Entries } = command.input as BatchInput;
      const refused = Entries.filter(({ MessageBody }) => (left.get(MessageBody) ?? 0) > 0);
      for (const { MessageBody } of refused) left.set(MessageBody, (left.get(MessageBody) ?? 0) - 1);
      taken.push(...Entries.filter((entry) => !refused.includes(entry)).map(({ MessageBody }) => MessageBody));
      return { Failed: refused.map(({ Id }) => ({ Id, Code: "InternalError", SenderFault: false })) };
    },
  };
  const timing = { sleep: async (ms: number) => void waits.push(ms), random: () => 0.5 };
  return { queue: createWebhookQueue(client as unknown as SQSClient, "http://queue", timing), taken, calls, waits };
}

const messages = (count: number) => Array.from({ length: count }, (_, index) => `m${index}`);

describe("the webhook queue", () => {
  it("sends one message with one call", async () => {
    const { queue, calls } = queueWith();
    await queue.send(["m0"]);
    expect(calls).toHaveLength(1);
    expect(calls[0]?.input).toEqual({ QueueUrl: "http://queue", MessageBody: "m0" });
  });

  it("rule 6: sends a batch ten a call", async () => {
    const { queue, calls, taken } = queueWith();
    await queue.send(messages(23));
    expect(calls.map((call) => (call.input as unknown as BatchInput).Entries.length)).toEqual([10, 10, 3]);
    expect(taken).toEqual(messages(23));
  });

  it("rule 6: sends again only what SQS refused", async () => {
    const { queue, calls, taken, waits } = queueWith({ m1: 2, m3: 1 });
    await queue.send(messages(5));
    expect(
      calls.map((call) => (call.input as unknown as BatchInput).Entries.map(({ MessageBody }) => MessageBody)),
    ).toEqual([messages(5), ["m1", "m3"], ["m1"]]);
    expect(taken.toSorted()).toEqual(messages(5));
    expect(waits).toEqual([50, 100]);
  });

  it("rule 4: isn't done while a message is refused", async () => {
    const { queue, calls } = queueWith({ m1: 99 });
    await expect(queue.send(messages(2))).rejects.toMatchObject({
      name: "RetryableError",
      code: "queue-refused-entries",
    });
    expect(calls).toHaveLength(4);
  });

  it("rule 4: a throttle is a retryable error", async () => {
    const throttle = Object.assign(new Error("slow down"), {
      name: "ThrottlingException",
      $metadata: { httpStatusCode: 400 },
    });
    const client = { send: () => Promise.reject(throttle) };
    const queue = createWebhookQueue(client as unknown as SQSClient, "http://queue", {
      sleep: async () => {},
      random: () => 0,
    });
    await expect(queue.send(["m0"])).rejects.toBeInstanceOf(RetryableError);
    await expect(queue.send(messages(2))).rejects.toBeInstanceOf(RetryableError);
  });

  it("rule 4: a message that SQS never takes is a permanent error, once all others are queued or known to fail", async () => {
    const queueFailing = (codes: Readonly<Record<string, string>>) => {
      const sent: string[] = [];
      const send = async ({ input }: SendMessageBatchCommand) => {
        const { Entries } = input as BatchInput;
        sent.push(...Entries.map(({ MessageBody }) => MessageBody));
        return {
          Failed: Entries.flatMap(({ Id, MessageBody }) =>
            codes[MessageBody] ? [{ Id, Code: codes[MessageBody] }] : [],
          ),
        };
      };
      const timing = { sleep: async () => {}, random: () => 0 };
      return { queue: createWebhookQueue({ send } as unknown as SQSClient, "http://queue", timing), sent };
    };
    const invalid = queueFailing({ m1: "InvalidMessageContents" });
    await expect(invalid.queue.send(messages(12))).rejects.toBeInstanceOf(PermanentError);
    expect(invalid.sent.toSorted()).toEqual(messages(12).toSorted());
    const both = queueFailing({ m1: "InvalidMessageContents", m11: "InternalError" });
    await expect(both.queue.send(messages(12))).rejects.toBeInstanceOf(RetryableError);
  });
});
