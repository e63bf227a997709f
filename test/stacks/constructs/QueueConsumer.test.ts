import { Queue } from "../../../stacks/constructs/Queue.ts";
import {
  QueueConsumer,
  type QueueConsumerProps,
  visibilityTimeoutSeconds,
} from "../../../stacks/constructs/QueueConsumer.ts";
import { onlyResource, resourcesOf, synthesize } from "../synthesized.ts";
import { functionIn, keyIn, queueIn, topicIn } from "./fixtures.ts";

interface Overrides extends Partial<Omit<QueueConsumerProps, "queue">> {
  readonly visibilityTimeoutSeconds?: number;
  readonly hasDeadLetters?: boolean;
}

function consumer({ visibilityTimeoutSeconds: hidden = 92, hasDeadLetters = true, ...props }: Overrides = {}) {
  return synthesize((scope) => {
    const queue = new Queue(scope, "queue", {
      queueName: "a-queue",
      key: keyIn(scope),
      visibilityTimeoutSeconds: hidden,
      ...(hasDeadLetters
        ? { deadLetters: { queue: queueIn(scope, "a-dlq"), maxReceiveCount: 5 } }
        : { redrive: () => ({ kind: "none", why: "It is a test." }) as const }),
    });
    new QueueConsumer(scope, "consumer", {
      queue,
      consumer: functionIn(scope),
      batch: { size: 20, windowSeconds: 2 },
      maximumConcurrency: 7,
      errorImpact: "Payments are missing.",
      alarmTopic: topicIn(scope),
      ...props,
    });
  });
}

const mapping = () => onlyResource(consumer(), "aws_lambda_event_source_mapping");

describe("QueueConsumer", () => {
  it("takes from the queue", () => expect(mapping().event_source_arn).toMatch(/^\$\{aws_sqs_queue\.queue_.*\.arn\}$/));
  it("calls the function", () => expect(mapping().function_name).toMatch(/^\$\{aws_lambda_function\.fn_.*\.arn\}$/));
  it("calls the alias of a function that is kept warm", () => {
    const json = synthesize((scope) => {
      new QueueConsumer(scope, "consumer", {
        queue: new Queue(scope, "queue", {
          queueName: "a-queue",
          key: keyIn(scope),
          visibilityTimeoutSeconds: 92,
          deadLetters: { queue: queueIn(scope, "a-dlq"), maxReceiveCount: 5 },
        }),
        consumer: functionIn(scope, { provisionedConcurrency: 1 }),
        batch: { size: 20, windowSeconds: 2 },
        maximumConcurrency: 7,
        errorImpact: "Payments are missing.",
        alarmTopic: topicIn(scope),
      });
    });
    expect(onlyResource(json, "aws_lambda_event_source_mapping").function_name).toMatch(
      /^\$\{aws_lambda_alias\.fn_live_.*\.arn\}$/,
    );
  });
  it("takes batches of the size", () => expect(mapping().batch_size).toBe(20));
  it("gathers them for the window", () => expect(mapping().maximum_batching_window_in_seconds).toBe(2));
  it("rule 16: lets the function answer for each message", () =>
    expect(mapping().function_response_types).toEqual(["ReportBatchItemFailures"]));
  it("starts no more than the maximum at a time", () =>
    expect(mapping().scaling_config).toEqual({ maximum_concurrency: 7 }));
  it("waits until the function may receive", () =>
    expect(mapping().depends_on).toEqual([expect.stringMatching(/^aws_iam_role_policy\.fn_role/)]));

  it("rings at the topic when there are dead letters, and says what they mean", () => {
    const alarms = resourcesOf(consumer(), "aws_cloudwatch_metric_alarm");
    expect(alarms.find(({ config }) => config.alarm_name === "a-dlq-not-empty")?.config).toMatchObject({
      alarm_description: expect.stringContaining("Impact: Payments are missing."),
      alarm_actions: [expect.stringMatching(/aws_sns_topic\.a-topic/)],
    });
  });

  it.each<[string, Overrides, RegExp]>([
    ["messages that come back too early", { visibilityTimeoutSeconds: 91 }, /hidden for 91 s, but need 92 s/],
    ["a large batch without a window", { batch: { size: 11, windowSeconds: 0 } }, /needs a window of at least 1 s/],
    ["a concurrency of one", { maximumConcurrency: 1 }, /AWS takes 2 to 1000/],
    ["a concurrency above AWS's", { maximumConcurrency: 1001 }, /AWS takes 2 to 1000/],
    ["a queue without dead letters", { hasDeadLetters: false }, /has no dead-letter queue/],
    ["an impact without words", { errorImpact: " " }, /errorImpact is empty/],
  ])("refuses %s", (_what, props, message) => {
    expect(() => consumer(props)).toThrow(message);
  });

  it("names everything that is wrong at once, and itself", () => {
    expect(() => consumer({ maximumConcurrency: 1, errorImpact: "" })).toThrow(
      /consumer is wrong:\n {2}- maximumConcurrency .*\n {2}- errorImpact/,
    );
  });
});

describe("visibilityTimeoutSeconds", () => {
  it("is six times the timeout and the window", () => {
    expect(visibilityTimeoutSeconds(15, { size: 10, windowSeconds: 5 })).toBe(95);
  });
});
