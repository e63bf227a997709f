/** The metrics of the runtime's own services, to be told by whoever sees what happens. */
import type { AwsError, ServiceName } from "../../../aws/types.ts";
import type { Fauxqs } from "../../../emulators/fauxqs.ts";
import { dynamoDbFault, dynamoDbMetrics } from "./dynamodb.ts";
import { eventsMetrics } from "./events.ts";
import { lambdaMetrics } from "./lambda.ts";
import { schedulerMetrics } from "./scheduler.ts";
import { snsMetrics } from "./sns.ts";
import { type QueueState, sqsMetrics } from "./sqs.ts";
import { statesMetrics } from "./states.ts";
import { type Book, lastPart } from "./teller.ts";

type Input = Readonly<Record<string, unknown>>;

export type ServiceMetrics = ReturnType<typeof createServiceMetrics>;

export function createServiceMetrics(book: Book, { sqs: queues, sns: topics }: Pick<Fauxqs, "sqs" | "sns">) {
  const sqs = sqsMetrics(book);
  const lambda = lambdaMetrics(book);
  const states = statesMetrics(book);
  const dynamoDbFailed = dynamoDbFault(book);
  const queuesOf = (topic: string) =>
    [...topics.subscriptions.values()]
      .filter(({ topicArn, protocol, confirmed }) => topicArn === topic && protocol === "sqs" && confirmed)
      .map(({ endpoint }) => lastPart(endpoint));
  return {
    book,
    sqs,
    lambda,
    states,
    dynamodb: dynamoDbMetrics(book),
    sns: snsMetrics(book, queuesOf, sqs),
    events: eventsMetrics(book),
    scheduler: schedulerMetrics(book),
    /** What the runtime makes up, so that a service never saw the call. */
    fault(service: ServiceName, operation: string, input: Input, error: AwsError): void {
      const isThrottling = error.status < 500;
      if (service === "dynamodb") dynamoDbFailed(operation, input, error);
      else if (service === "lambda" && isThrottling) lambda.throttled(functionName(String(input.FunctionName)));
      else if (service === "states" && operation.startsWith("Start") && isThrottling) {
        states.throttled(String(input.stateMachineArn));
      }
    },
    /** Tells what queues hold. */
    sample: () => sqs.sample([...queues.allQueues()].map(queueState)),
  };
}

/** Of a name or an ARN, each with a qualifier or without. */
function functionName(nameOrArn: string): string {
  const parts = nameOrArn.split(":");
  return parts[parts.lastIndexOf("function") + 1] ?? nameOrArn;
}

type Queue = ReturnType<Fauxqs["sqs"]["allQueues"]> extends Iterable<infer One> ? One : never;

function queueState({ name, messages, delayedMessages, inflightMessages }: Queue): QueueState {
  let oldest = Number.POSITIVE_INFINITY;
  for (const { sentTimestamp } of messages) oldest = Math.min(oldest, sentTimestamp);
  for (const { message } of inflightMessages.values()) oldest = Math.min(oldest, message.sentTimestamp);
  return {
    name,
    visible: messages.length,
    delayed: delayedMessages.length,
    notVisible: inflightMessages.size,
    oldestSentAtMs: Number.isFinite(oldest) ? oldest : undefined,
  };
}
