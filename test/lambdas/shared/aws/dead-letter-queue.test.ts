import type { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { createDeadLetterQueue } from "../../../../lambdas/shared/aws/dead-letter-queue.ts";
import { RetryableError } from "../../../../lambdas/shared/domain/retryable-error.ts";

const letter = {
  body: "{",
  reason: "not-json",
  detail: "The message's body is not JSON",
  messageId: "message-1",
  sentAt: "2026-11-20T10:00:00.000Z",
};

describe("a dead-letter queue", () => {
  it("rule 15: takes the body as it is, with reason and history as attributes", async () => {
    const sent: SendMessageCommand[] = [];
    const client = { send: async (command: SendMessageCommand) => void sent.push(command) } as unknown as SQSClient;
    await createDeadLetterQueue(client, "https://queue").send(letter);
    expect(sent.map(({ input }) => input)).toEqual([
      {
        QueueUrl: "https://queue",
        MessageBody: "{",
        MessageAttributes: {
          reason: { DataType: "String", StringValue: "not-json" },
          detail: { DataType: "String", StringValue: "The message's body is not JSON" },
          originalMessageId: { DataType: "String", StringValue: "message-1" },
          sentAt: { DataType: "String", StringValue: "2026-11-20T10:00:00.000Z" },
        },
      },
    ]);
  });

  it("says when it can't take a message now", async () => {
    const throttle = Object.assign(new Error("throttled"), { name: "RequestThrottled" });
    const client = { send: () => Promise.reject(throttle) } as unknown as SQSClient;
    await expect(createDeadLetterQueue(client, "https://queue").send(letter)).rejects.toBeInstanceOf(RetryableError);
  });
});
