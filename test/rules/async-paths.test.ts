/** Nothing that travels by itself gets lost by itself. */
import { limits } from "../../config/limits.ts";
import { breaking, ofType, referred, type StackResource } from "./everyStack.ts";

type Redrive = { readonly deadLetterTargetArn: string; readonly maxReceiveCount: number };

const redriveOf = ({ config }: StackResource): Redrive | undefined =>
  config.redrive_policy === undefined ? undefined : JSON.parse(String(config.redrive_policy));

const arnOf = ({ config }: StackResource, argument: string) => (config[argument] as { arn?: string } | undefined)?.arn;

const mappings = () =>
  ofType("aws_lambda_event_source_mapping").map((mapping) => ({
    mapping,
    queue: referred(mapping, mapping.config.event_source_arn),
    consumer: referred(mapping, mapping.config.function_name),
  }));

const alarmedQueues = new Set(
  ofType("aws_cloudwatch_metric_alarm").map(
    ({ stack, config }) => `${stack} ${(config.dimensions as Record<string, string>).QueueName}`,
  ),
);

describe("asynchronous paths", () => {
  it("every rule's target has a dead-letter queue of its own and a bounded retry policy", () => {
    const targets = ofType("aws_cloudwatch_event_target");
    for (const target of targets) {
      expect([target.place, referred(target, arnOf(target, "dead_letter_config"))?.type]).toEqual([
        target.place,
        "aws_sqs_queue",
      ]);
      expect([target.place, target.config.retry_policy]).toEqual([
        target.place,
        { maximum_retry_attempts: expect.any(Number), maximum_event_age_in_seconds: expect.any(Number) },
      ]);
    }
    const deadLetters = targets.map((target) => `${target.stack} ${arnOf(target, "dead_letter_config")}`);
    expect(new Set(deadLetters).size).toBe(targets.length);
  });

  it("every bus has a dead-letter queue", () => {
    expect(
      breaking("aws_cloudwatch_event_bus", (bus) => referred(bus, arnOf(bus, "dead_letter_config")) === undefined),
    ).toEqual([]);
  });

  it("every consumed queue has a dead-letter queue, after five receives", () => {
    for (const { mapping, queue } of mappings()) {
      const redrive = queue && redriveOf(queue);
      expect([mapping.place, redrive?.maxReceiveCount]).toEqual([mapping.place, 5]);
      expect(referred(mapping, redrive?.deadLetterTargetArn)?.type).toBe("aws_sqs_queue");
    }
  });

  it("rule 16: every consumer answers for each message", () => {
    for (const { mapping } of mappings()) {
      expect(mapping.config.function_response_types).toEqual(["ReportBatchItemFailures"]);
    }
  });

  it("a received message stays hidden for six times the consumer's timeout and the batch window", () => {
    for (const { mapping, queue, consumer } of mappings()) {
      const window = Number(mapping.config.maximum_batching_window_in_seconds);
      expect([mapping.place, queue?.config.visibility_timeout_seconds]).toEqual([
        mapping.place,
        6 * Number(consumer?.config.timeout) + window,
      ]);
    }
  });

  it("every queue that no function takes from is watched", () => {
    const consumed = new Set(mappings().map(({ queue }) => queue?.place));
    expect(
      breaking("aws_sqs_queue", ({ place, stack, config }) => {
        return !consumed.has(place) && !alarmedQueues.has(`${stack} ${config.name}`);
      }),
    ).toEqual([]);
  });

  it("every queue keeps messages 14 days", () => {
    const seconds = limits.dlqRetentionDays * 24 * 60 * 60;
    expect(breaking("aws_sqs_queue", ({ config }) => config.message_retention_seconds !== seconds)).toEqual([]);
  });

  it("every state machine is watched for executions that fail or time out", () => {
    const watched = ofType("aws_cloudwatch_metric_alarm").map(
      (alarm) =>
        `${alarm.config.metric_name} ${referred(alarm, (alarm.config.dimensions as Record<string, string>).StateMachineArn)?.place}`,
    );
    for (const { place } of ofType("aws_sfn_state_machine")) {
      expect(watched).toEqual(expect.arrayContaining([`ExecutionsFailed ${place}`, `ExecutionsTimedOut ${place}`]));
    }
  });
});
