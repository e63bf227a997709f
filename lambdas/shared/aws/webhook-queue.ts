import { SendMessageBatchCommand, SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { limits } from "../../../config/limits.ts";
import { chunksOf } from "../domain/chunks-of.ts";
import { PermanentError, RetryableError } from "../domain/retryable-error.ts";
import type { WebhookQueue } from "../domain/webhook-ports.ts";
import { inDomainTerms } from "./errors.ts";

/** Rounds of sending the entries of a batch that SQS refused, and the first wait between two of them. */
const maxRounds = 4;
const firstBackoffMs = 50;
/** SQS's word for a body with characters that it never takes. */
const invalidContents = "InvalidMessageContents";

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
  /** Sends up to ten messages; gives back those that SQS refused for now, and the number of those it never takes. */
  async function sendBatch(messages: readonly string[]): Promise<{ open: readonly string[]; invalidCount: number }> {
    const entries = messages.map((body, index) => ({ Id: String(index), MessageBody: body }));
    const command = new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries });
    const output = await inDomainTerms("Queueing webhooks", client.send(command));
    const failed = output.Failed ?? [];
    const passing = failed.filter(({ Code }) => Code !== invalidContents);
    const open = passing.flatMap(({ Id }) => messages[Number(Id)] ?? []);
    return { open, invalidCount: failed.length - passing.length };
  }

  async function sendUntilTaken(messages: readonly string[]): Promise<void> {
    let open = messages;
    let invalidCount = 0;
    for (let round = 0; open.length > 0; round += 1) {
      if (round === maxRounds) {
        throw new RetryableError("queue-refused-entries", `SQS refused ${open.length} of ${messages.length} messages`);
      }
      if (round > 0) await timing.sleep(timing.random() * firstBackoffMs * 2 ** round);
      const refused = await sendBatch(open);
      open = refused.open;
      invalidCount += refused.invalidCount;
    }
    if (invalidCount > 0) {
      throw new PermanentError(
        invalidContents,
        `SQS refused ${invalidCount} of ${messages.length} messages as invalid`,
      );
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
      const chunks = await Promise.allSettled(chunksOf(messages, limits.sqsBatchEntries).map(sendUntilTaken));
      const errors = chunks.flatMap((chunk) => (chunk.status === "rejected" ? [chunk.reason] : []));
      // A refusal for good makes the sender forget the webhook, so it waits until all other messages are queued.
      if (errors.length > 0) throw errors.find((error) => !(error instanceof PermanentError)) ?? errors[0];
    },
  };
}
