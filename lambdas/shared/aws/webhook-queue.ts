import { SendMessageBatchCommand, SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { limits } from "../../../config/limits.ts";
import { RetryableError } from "../domain/retryable-error.ts";
import type { WebhookQueue } from "../domain/webhook-ports.ts";
import { inDomainTerms } from "./errors.ts";

/** Rounds of sending the entries of a batch that SQS refused, and the first wait between two of them. */
const maxRounds = 4;
const firstBackoffMs = 50;

interface Timing {
  readonly sleep: (ms: number) => Promise<unknown>;
  /** 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
}

/**
 * The queue `webhook-events`. One message is one call; several go in batches of ten, of which SQS may take some and
 * refuse others in a successful answer: those alone are sent again.
 */
export function createWebhookQueue(client: SQSClient, queueUrl: string, timing: Timing): WebhookQueue {
  /** Sends up to ten messages; gives back those that SQS refused. */
  async function sendBatch(messages: readonly string[]): Promise<readonly string[]> {
    const entries = messages.map((body, index) => ({ Id: String(index), MessageBody: body }));
    const command = new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries });
    const output = await inDomainTerms("Queueing webhooks", client.send(command));
    return (output.Failed ?? []).flatMap(({ Id }) => messages[Number(Id)] ?? []);
  }

  async function sendUntilTaken(messages: readonly string[]): Promise<void> {
    let open = messages;
    for (let round = 0; open.length > 0; round += 1) {
      if (round === maxRounds) {
        throw new RetryableError("queue-refused-entries", `SQS refused ${open.length} of ${messages.length} messages`);
      }
      if (round > 0) await timing.sleep(timing.random() * firstBackoffMs * 2 ** round);
      open = await sendBatch(open);
    }
  }

  return {
    async send(messages) {
      const [first, ...others] = messages;
      if (first !== undefined && others.length === 0) {
        const command = new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: first });
        await inDomainTerms("Queueing a webhook", client.send(command));
        return;
      }
      await Promise.all(chunksOf(messages, limits.sqsBatchEntries).map(sendUntilTaken));
    },
  };
}

function chunksOf<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}
