/** Nothing that travels by itself gets lost by itself. */
import { limits } from "../../config/limits.ts";
import { add, argumentsOf, blockIn, change, changeStatement, lastOf, remove, set } from "./broken.ts";
import { allowing, type PlacedStatement, type Statement, servicesOf } from "./policies.ts";
import { describeRules } from "./rule.ts";
import { breaking, everyResource, ofType, referred, type StackResource, type Stacks } from "./stacks.ts";

type Redrive = { readonly deadLetterTargetArn: string; readonly maxReceiveCount: number };

const redriveOf = ({ config }: StackResource): Redrive | undefined =>
  config.redrive_policy === undefined ? undefined : JSON.parse(String(config.redrive_policy));

const deadLetterArn = ({ config }: StackResource) => (config.dead_letter_config as { arn?: string } | undefined)?.arn;

/** The queue that a resource's dead letters go to. */
function deadLettersOf(stacks: Stacks, resource: StackResource): StackResource | undefined {
  const queue = referred(stacks, resource, deadLetterArn(resource) ?? redriveOf(resource)?.deadLetterTargetArn);
  return queue?.type === "aws_sqs_queue" ? queue : undefined;
}

const mappings = (stacks: Stacks) =>
  ofType(stacks, "aws_lambda_event_source_mapping").map((mapping) => ({
    mapping,
    queue: referred(stacks, mapping, mapping.config.event_source_arn),
    consumer: referred(stacks, mapping, mapping.config.function_name),
  }));

/** Queues that a function takes from. */
const consumedQueues = (stacks: Stacks) => new Set(mappings(stacks).map(({ queue }) => queue?.place));

/** Queues whose messages ring. */
function watchedQueues(stacks: Stacks): ReadonlySet<string> {
  return new Set(
    ofType(stacks, "aws_cloudwatch_metric_alarm")
      .filter(({ config }) => config.metric_name === "ApproximateNumberOfMessagesVisible")
      .map(({ stack, config }) => `${stack} ${(config.dimensions as Record<string, string>).QueueName}`),
  );
}

/** What hands a message on by itself and may fail to. */
const senders = ["aws_cloudwatch_event_target", "aws_cloudwatch_event_bus"];

/** Other types that would hand on, each with the argument that names its dead-letter queue. */
const otherSenders: Readonly<Record<string, string>> = {
  aws_scheduler_schedule: "dead_letter_config",
  aws_pipes_pipe: "dead_letter_config",
  aws_lambda_function_event_invoke_config: "destination_config",
};

const isFromTopic = (statement: Statement) => servicesOf(statement).includes("sns.amazonaws.com");

/** A queue that redrives nowhere is an end, where people read. */
const isEnd = (resource: StackResource) => redriveOf(resource) === undefined;

describeRules("asynchronous paths:", {
  "every rule's target and every bus has a dead-letter queue": {
    rule: (stacks) =>
      senders.flatMap((type) => breaking(stacks, type, (sender) => deadLettersOf(stacks, sender) === undefined)),
    broken: {
      "when a target has none": change("aws_cloudwatch_event_target", (config) => delete config.dead_letter_config),
      "when a bus has none": change("aws_cloudwatch_event_bus", (config) => delete config.dead_letter_config),
      "when it is no queue": set("aws_cloudwatch_event_target", {
        dead_letter_config: { arn: "arn:aws:sns:us-east-1:111122223333:a" },
      }),
    },
  },

  "every target's dead letters have a queue of their own, so that they can be put back": {
    rule: (stacks) => {
      const targets = ofType(stacks, "aws_cloudwatch_event_target");
      const queues = targets.map((target) => deadLettersOf(stacks, target)?.place);
      return targets.filter((_, index) => queues.indexOf(queues[index]) !== index).map(({ place }) => place);
    },
    broken: {
      "when two targets share one": (stacks) => {
        const targets = ofType(stacks, "aws_cloudwatch_event_target");
        const [one, other] = targets.filter(({ stack }) => stack === "pipeline-prod");
        Object.assign(other?.config ?? {}, { dead_letter_config: one?.config.dead_letter_config });
        return String(other?.place);
      },
    },
  },

  "every target is tried again a bounded number of times, for hours": {
    rule: (stacks) =>
      breaking(stacks, "aws_cloudwatch_event_target", ({ config }) => {
        const { maximum_retry_attempts: attempts = 0, maximum_event_age_in_seconds: seconds = 0 } =
          (config.retry_policy as Record<string, number> | undefined) ?? {};
        return !(attempts >= 1 && attempts <= 185 && seconds >= 3_600 && seconds <= 86_400);
      }),
    broken: {
      "when nothing is said": change("aws_cloudwatch_event_target", (config) => delete config.retry_policy),
      "when it is tried once": change("aws_cloudwatch_event_target", (config) => {
        blockIn(config, "retry_policy").maximum_retry_attempts = 0;
      }),
    },
  },

  "every subscription to a topic has a dead-letter queue, which the topic may send to": {
    rule: (stacks) => {
      const subscriptions = everyResource(stacks).filter(({ type }) => type === "aws_sns_topic_subscription");
      const allowed = allowing(stacks, "resource").filter((each) => servicesOf(each).includes("sns.amazonaws.com"));
      const queueOf = ({ resource }: PlacedStatement) => referred(stacks, resource, resource.config.queue_url)?.place;
      const lacks = (topic: StackResource, subscription: StackResource) => {
        const queue = deadLettersOf(stacks, subscription);
        const grant = allowed.find((each) => queue !== undefined && queueOf(each) === queue.place);
        return grant === undefined || referred(stacks, grant.resource, grant.Condition)?.place !== topic.place;
      };
      return ofType(stacks, "aws_sns_topic").flatMap((topic) =>
        subscriptions
          .filter((each) => referred(stacks, each, each.config.topic_arn)?.place === topic.place && lacks(topic, each))
          .map(({ place }) => place),
      );
    },
    broken: {
      "when one has none": (stacks) => {
        const [subscription] = everyResource(stacks).filter(({ type }) => type === "aws_sns_topic_subscription");
        if (subscription === undefined) throw new Error("no subscription");
        delete argumentsOf(subscription).redrive_policy;
        return subscription.place;
      },
      "when the queue takes nothing from it": (stacks) => {
        const policy = changeStatement("aws_sqs_queue_policy", "policy", isFromTopic, (statement) => {
          statement.Effect = "Deny";
        });
        policy(stacks);
        return "aws_sns_topic_subscription";
      },
    },
  },

  "nothing else sends by itself without a dead-letter queue": {
    rule: (stacks) =>
      everyResource(stacks)
        .filter(({ type, config }) => otherSenders[type] !== undefined && config[otherSenders[type]] === undefined)
        .map(({ place }) => place),
    broken: {
      "when a schedule has none": add("pipeline-prod", "aws_scheduler_schedule", { target: {} }),
    },
  },

  "a function that is called by an event, a topic or a bucket says where its failures go": {
    rule: (stacks) => {
      const configured = everyResource(stacks)
        .filter(({ type }) => type === "aws_lambda_function_event_invoke_config")
        .map((config) => referred(stacks, config, config.config.function_name)?.place);
      return everyResource(stacks)
        .filter(({ type }) => type === "aws_lambda_permission")
        .filter(({ config }) => /^(events|sns|s3|scheduler|iot|logs)\./.test(String(config.principal)))
        .map((permission) => referred(stacks, permission, permission.config.function_name))
        .filter((fn) => fn !== undefined)
        .filter(({ place, config }) => config.dead_letter_config === undefined && !configured.includes(place))
        .map(({ place }) => place);
    },
    broken: {
      "when a topic calls a function without": (stacks) => {
        const permission = lastOf(stacks, "aws_lambda_permission");
        argumentsOf(permission).principal = "sns.amazonaws.com";
        return String(referred(stacks, permission, permission.config.function_name)?.place);
      },
    },
  },

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
        const consumer = referred(stacks, mapping, mapping.config.function_name);
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
        const { StateMachineArn: arn } = alarm.config.dimensions as Record<string, string>;
        return `${alarm.config.metric_name} ${referred(stacks, alarm, arn)?.place}`;
      });
      const endings = ["ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted"];
      return breaking(stacks, "aws_sfn_state_machine", ({ place }) =>
        endings.some((ending) => !watched.includes(`${ending} ${place}`)),
      );
    },
    broken: {
      "when nobody looks at those that time out": remove(
        "aws_cloudwatch_metric_alarm",
        "dimensions",
        ({ config }) => config.metric_name === "ExecutionsTimedOut",
      ),
    },
  },
});
