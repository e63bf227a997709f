/** Queues keep what is on them, hide what is worked on, and ring when something lies where nothing should. */
import { limits } from "../../config/limits.ts";
import { argumentsOf, lastOf, remove, set } from "./broken.ts";
import { deadLettersOf, redriveOf } from "./dead-letters.ts";
import { describeRules } from "./rule.ts";
import { breaking, functionOf, ofType, referred, type StackResource, type Stacks } from "./stacks.ts";

const mappings = (stacks: Stacks) =>
  ofType(stacks, "aws_lambda_event_source_mapping").map((mapping) => ({
    mapping,
    queue: referred(stacks, mapping, mapping.config.event_source_arn),
    consumer: functionOf(stacks, mapping, mapping.config.function_name),
  }));

/** Queues that a function takes from. */
const consumedQueues = (stacks: Stacks) => new Set(mappings(stacks).map(({ queue }) => queue?.place));

/** Queues whose messages ring. */
function watchedQueues(stacks: Stacks): ReadonlySet<string> {
  return new Set(
    ofType(stacks, "aws_cloudwatch_metric_alarm")
      .filter(({ config }) => config.metric_name === "ApproximateNumberOfMessagesVisible")
      .map(({ stack, config }) => `${stack} ${(config.dimensions as Record<string, string> | undefined)?.QueueName}`),
  );
}

/** A queue that redrives nowhere is an end, where people read. */
const isEnd = (resource: StackResource) => redriveOf(resource) === undefined;

describeRules("queues:", {
  "every consumed queue has a dead-letter queue, after five receives": {
    rule: (stacks) =>
      mappings(stacks)
        .filter(({ queue }) => {
          return queue === undefined || redriveOf(queue)?.maxReceiveCount !== 5 || !deadLettersOf(stacks, queue);
        })
        .map(({ mapping }) => mapping.place),
    broken: {
      "when it has none": (stacks) => {
        const mapping = lastOf(stacks, "aws_lambda_event_source_mapping");
        const queue = referred(stacks, mapping, mapping.config.event_source_arn);
        if (queue !== undefined) delete argumentsOf(queue).redrive_policy;
        return mapping.place;
      },
    },
  },

  "rule 16: every consumer answers for each message": {
    rule: (stacks) =>
      breaking(stacks, "aws_lambda_event_source_mapping", ({ config }) => {
        return JSON.stringify(config.function_response_types) !== '["ReportBatchItemFailures"]';
      }),
    broken: {
      "when it answers for the batch": set("aws_lambda_event_source_mapping", { function_response_types: [] }),
    },
  },

  "a received message stays hidden for six times the consumer's timeout and the batch window": {
    rule: (stacks) =>
      mappings(stacks)
        .filter(({ mapping, queue, consumer }) => {
          const needed =
            6 * Number(consumer?.config.timeout) + Number(mapping.config.maximum_batching_window_in_seconds);
          return !(Number(queue?.config.visibility_timeout_seconds) >= needed);
        })
        .map(({ mapping }) => mapping.place),
    broken: {
      "when the batch waits a second": set("aws_lambda_event_source_mapping", {
        maximum_batching_window_in_seconds: 1,
      }),
      "when the function may run a second longer": (stacks) => {
        const mapping = lastOf(stacks, "aws_lambda_event_source_mapping");
        const consumer = functionOf(stacks, mapping, mapping.config.function_name);
        if (consumer !== undefined) argumentsOf(consumer).timeout = Number(consumer.config.timeout) + 1;
        return mapping.place;
      },
    },
  },

  "every queue that no function takes from is watched": {
    rule: (stacks) => {
      const [consumed, watched] = [consumedQueues(stacks), watchedQueues(stacks)];
      return breaking(
        stacks,
        "aws_sqs_queue",
        ({ place, stack, config }) => !consumed.has(place) && !watched.has(`${stack} ${config.name}`),
      );
    },
    broken: {
      "when its alarm looks at another": (stacks) => {
        const { stack, config, place } = lastOf(stacks, "aws_sqs_queue", isEnd);
        const alarm = lastOf(stacks, "aws_cloudwatch_metric_alarm", (each) => {
          return each.stack === stack && each.config.alarm_name === `${config.name}-not-empty`;
        });
        argumentsOf(alarm).dimensions = { QueueName: "another" };
        return place;
      },
    },
  },

  "every queue keeps messages 14 days": {
    rule: (stacks) => {
      const seconds = limits.dlqRetentionDays * 24 * 60 * 60;
      return breaking(stacks, "aws_sqs_queue", ({ config }) => config.message_retention_seconds !== seconds);
    },
    broken: {
      "when one keeps them four": set("aws_sqs_queue", { message_retention_seconds: 345_600 }),
    },
  },

  "every state machine is watched for executions that fail, time out or are aborted": {
    rule: (stacks) => {
      const watched = ofType(stacks, "aws_cloudwatch_metric_alarm").map((alarm) => {
        const { StateMachineArn: arn } = (alarm.config.dimensions ?? {}) as Record<string, string>;
        return `${alarm.config.metric_name} ${referred(stacks, alarm, arn)?.place}`;
      });
      const endings = ["ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted"];
      return breaking(stacks, "aws_sfn_state_machine", ({ place }) =>
        endings.some((ending) => !watched.includes(`${ending} ${place}`)),
      );
    },
    broken: {
      "when an alarm looks at all of them": (stacks) => {
        const isTimeout = ({ config }: StackResource) => config.metric_name === "ExecutionsTimedOut";
        const alarm = lastOf(stacks, "aws_cloudwatch_metric_alarm", isTimeout);
        const machine = referred(stacks, alarm, alarm.config.dimensions);
        delete argumentsOf(alarm).dimensions;
        return String(machine?.place);
      },
      "when nobody looks at those that time out": remove(
        "aws_cloudwatch_metric_alarm",
        "dimensions",
        ({ config }) => config.metric_name === "ExecutionsTimedOut",
      ),
    },
  },
});
