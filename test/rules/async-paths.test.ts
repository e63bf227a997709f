/** Nothing that travels by itself gets lost by itself. */
import { add, argumentsOf, blockIn, change, lastOf, set } from "./broken.ts";
import { deadLettersOf } from "./dead-letters.ts";
import { allowing, type PlacedStatement, servicesOf } from "./policies.ts";
import { describeRules } from "./rule.ts";
import { breaking, everyResource, functionOf, ofType, referred, type StackResource } from "./stacks.ts";

/** What hands a message on by itself and may fail to. */
const senders = ["aws_cloudwatch_event_target", "aws_cloudwatch_event_bus"];

/** Other types that would hand on, each with where it names its dead-letter queue. */
const otherSenders: Readonly<Record<string, RegExp>> = {
  aws_scheduler_schedule: /"target":.*"dead_letter_config":.*"arn":/,
  aws_lambda_function_event_invoke_config: /"destination_config":.*"on_failure":/,
};

/** From one start to the next, of an expression that names a minute of every hour, or of one hour a day. */
function hoursBetween(expression: string): number {
  const [, hour] = /^cron\(\d+ (\d+|\*) \* \* \? \*\)$/.exec(expression) ?? [];
  if (hour === undefined) throw new Error(`${expression}: how often is that?`);
  return hour === "*" ? 1 : 24;
}

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
        for (const policy of ofType(stacks, "aws_sqs_queue_policy")) {
          argumentsOf(policy).policy = String(policy.config.policy).replaceAll("sns.amazonaws.com", "x.amazonaws.com");
        }
        return "aws_sns_topic_subscription";
      },
    },
  },

  "every schedule rings when nothing that it starts comes to its end from one start to the next": {
    rule: (stacks) => {
      const silences = ofType(stacks, "aws_cloudwatch_metric_alarm").filter(({ config }) => {
        return config.comparison_operator === "LessThanThreshold" && config.treat_missing_data === "breaching";
      });
      return breaking(stacks, "aws_scheduler_schedule", ({ stack, config }) => {
        const alarm = silences.find((each) => {
          return each.stack === stack && each.config.alarm_name === `${config.name}-not-succeeded`;
        });
        const hours = (Number(alarm?.config.period) / 3_600) * Number(alarm?.config.evaluation_periods);
        const everyHours = hoursBetween(String(config.schedule_expression));
        return !(hours > everyHours && hours <= everyHours + 6);
      });
    },
    broken: {
      "when nobody listens to one": change("aws_scheduler_schedule", (config) => {
        config.name = "another";
      }),
      "when one starts by the hour and is missed after a day": change("aws_scheduler_schedule", (config) => {
        config.name = "daily-archive-prod";
        config.schedule_expression = "cron(0 * * * ? *)";
      }),
      "when one starts by the day and is missed by the hour": change("aws_scheduler_schedule", (config) => {
        config.name = "decision-sweep-prod";
        config.schedule_expression = "cron(0 4 * * ? *)";
      }),
    },
  },

  "nothing else sends by itself without a dead-letter queue": {
    rule: (stacks) =>
      everyResource(stacks)
        .filter(({ type, config }) => otherSenders[type]?.test(JSON.stringify(config)) === false)
        .map(({ place }) => place),
    broken: {
      "when a schedule has none": add("pipeline-prod", "aws_scheduler_schedule", { target: {} }),
    },
  },

  "a function that is called by an event, a topic or a bucket says where its failures go": {
    rule: (stacks) => {
      const configured = everyResource(stacks)
        .filter(({ type }) => type === "aws_lambda_function_event_invoke_config")
        .map((config) => functionOf(stacks, config, config.config.function_name)?.place);
      return everyResource(stacks)
        .filter(({ type }) => type === "aws_lambda_permission")
        .filter(({ config }) => /^(events|sns|s3|scheduler|iot|logs)\./.test(String(config.principal)))
        .map((permission) => functionOf(stacks, permission, permission.config.function_name))
        .filter((fn) => fn !== undefined)
        .filter(({ place, config }) => config.dead_letter_config === undefined && !configured.includes(place))
        .map(({ place }) => place);
    },
    broken: {
      "when a topic calls a function without": (stacks) => {
        const permission = lastOf(stacks, "aws_lambda_permission");
        argumentsOf(permission).principal = "sns.amazonaws.com";
        return String(functionOf(stacks, permission, permission.config.function_name)?.place);
      },
    },
  },
});
