import { LambdaEventSourceMapping } from "@cdktf/provider-aws/lib/lambda-event-source-mapping/index.js";
import { Construct } from "constructs";
import type { ContainerFunction } from "./ContainerFunction.ts";
import { MessagesAlarm } from "./MessagesAlarm.ts";
import type { Queue } from "./Queue.ts";
import { checkRules } from "./rules.ts";
import type { Topic } from "./Topic.ts";

/** How many messages one invocation takes, and how long the mapping waits to gather them. */
export interface Batch {
  readonly size: number;
  readonly windowSeconds: number;
}

export interface QueueConsumerProps {
  readonly queue: Queue;
  readonly consumer: ContainerFunction;
  readonly batch: Batch;
  /** Most invocations at a time: 2 to 1000. */
  readonly maximumConcurrency: number;
  /** What a message in the dead-letter queue means to a customer. */
  readonly errorImpact: string;
  readonly alarmTopic: Topic;
}

/**
 * AWS advises six times the function's timeout, so that a throttled function's messages don't come back while they
 * still wait for it, plus the time that a batch is gathered.
 */
export function visibilityTimeoutSeconds(timeoutSeconds: number, batch: Batch): number {
  return 6 * timeoutSeconds + batch.windowSeconds;
}

/** A function that takes batches from a queue, answers for each message, and has its dead letters watched. */
export class QueueConsumer extends Construct {
  constructor(scope: Construct, id: string, props: QueueConsumerProps) {
    super(scope, id);
    const { queue, consumer, batch, maximumConcurrency, errorImpact, alarmTopic } = props;
    const needed = visibilityTimeoutSeconds(consumer.timeoutSeconds, batch);
    checkRules(this, [
      {
        broken: queue.visibilityTimeoutSeconds < needed,
        message: `messages stay hidden for ${queue.visibilityTimeoutSeconds} s, but need ${needed} s`,
      },
      {
        broken: batch.size > 10 && batch.windowSeconds < 1,
        message: `a batch of ${batch.size} needs a window of at least 1 s; without one SQS gives at most 10`,
      },
      {
        broken: maximumConcurrency < 2 || maximumConcurrency > 1000,
        message: `maximumConcurrency is ${maximumConcurrency}; AWS takes 2 to 1000`,
      },
      { broken: queue.deadLetterQueue === undefined, message: `${queue.queueName} has no dead-letter queue` },
      { broken: errorImpact.trim() === "", message: "errorImpact is empty" },
    ]);
    new LambdaEventSourceMapping(this, "mapping", {
      eventSourceArn: queue.arn,
      functionName: consumer.arn,
      batchSize: batch.size,
      maximumBatchingWindowInSeconds: batch.windowSeconds,
      functionResponseTypes: ["ReportBatchItemFailures"],
      scalingConfig: { maximumConcurrency },
      dependsOn: [consumer.rolePolicy],
    });
    if (queue.deadLetterQueue !== undefined) {
      new MessagesAlarm(this, "dead-letters", {
        queue: queue.deadLetterQueue,
        errorImpact,
        firstSteps: [
          `Read the messages' reason and detail: npm run cli -- dlq show, for ${queue.deadLetterQueue.queueName}.`,
          "Mend the cause. What nobody can mend is dropped with a reason, which is kept.",
          "Send the others through again: npm run cli -- dlq redrive. Repeating is safe.",
        ],
        topic: alarmTopic,
      });
    }
  }
}
