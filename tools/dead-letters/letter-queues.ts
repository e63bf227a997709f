import { DeleteMessageCommand, GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { createDeadLetterSource } from "../../lambdas/shared/aws/dead-letter-source.ts";
import { inDomainTerms } from "../../lambdas/shared/aws/errors.ts";
import type { RedrivePorts } from "./redrive.ts";

/** SQS's counts, which are approximate. */
interface LetterCount {
  /** Nobody holds them. */
  readonly waiting: number;
  /** Somebody looks at them at this moment. */
  readonly held: number;
}

export interface LetterQueues {
  readonly source: RedrivePorts["source"];
  count(queueUrl: string): Promise<LetterCount>;
}

/** Dead-letter queues as a person may handle them: unlike the functions, who may delete what is in them. */
export function createLetterQueues(client: SQSClient): LetterQueues {
  return {
    source: {
      ...createDeadLetterSource(client),
      async remove(queueUrl, { receipt }) {
        const command = new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: receipt });
        await inDomainTerms("Deleting a dead letter", client.send(command));
      },
    },
    async count(queueUrl) {
      const { Attributes = {} } = await client.send(
        new GetQueueAttributesCommand({
          QueueUrl: queueUrl,
          AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
        }),
      );
      return {
        waiting: Number(Attributes.ApproximateNumberOfMessages ?? 0),
        held: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
      };
    },
  };
}
