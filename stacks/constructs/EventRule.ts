import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule/index.js";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target/index.js";
import { Construct } from "constructs";
import type { Names } from "../../config/names.ts";
import { accountOf } from "./account.ts";
import type { EncryptionKey } from "./EncryptionKey.ts";
import type { EventBus } from "./EventBus.ts";
import type { LogGroup } from "./LogGroup.ts";
import { MessagesAlarm } from "./MessagesAlarm.ts";
import { onBehalfOf } from "./policy.ts";
import { Queue } from "./Queue.ts";
import { Role } from "./Role.ts";
import type { StateMachine } from "./StateMachine.ts";
import type { Topic } from "./Topic.ts";

export interface EventRuleProps {
  /** Name without the environment's suffix. */
  readonly rule: string;
  readonly description: string;
  readonly names: Names;
  readonly bus: EventBus;
  /** EventBridge's event pattern, as an object. */
  readonly pattern: Readonly<Record<string, unknown>>;
  /** Encrypts the dead-letter queues of its targets. */
  readonly key: EncryptionKey;
  readonly alarmTopic: Topic;
}

/** Whom the rule's events go to, by kind. */
export type EventReceiver =
  | { readonly kind: "state machine"; readonly stateMachine: StateMachine }
  | { readonly kind: "queue"; readonly queue: Queue }
  | { readonly kind: "log group"; readonly logGroup: LogGroup };

export interface EventTargetProps {
  readonly receiver: EventReceiver;
  /** What an event that never arrives means to a customer. */
  readonly errorImpact: string;
}

/**
 * EventBridge tries a target for a day by default; six hours with 185 attempts are enough to outlive an outage, and
 * the dead letter then still has most of its 14 days before it.
 */
const retryPolicy = { maximumRetryAttempts: 185, maximumEventAgeInSeconds: 6 * 60 * 60 } as const;

/** A rule of a bus. Each target has a retry policy, a dead-letter queue of its own, and an alarm on it. */
export class EventRule extends Construct {
  readonly arn: string;
  readonly #props: EventRuleProps;
  readonly #rule: CloudwatchEventRule;

  constructor(scope: Construct, id: string, props: EventRuleProps) {
    super(scope, id);
    const { rule, description, names, bus, pattern } = props;
    this.#props = props;
    this.#rule = new CloudwatchEventRule(this, "rule", {
      name: names.rule(rule),
      description,
      eventBusName: bus.busName,
      eventPattern: JSON.stringify(pattern),
    });
    this.arn = this.#rule.arn;
  }

  /**
   * Sends the rule's events to a receiver. State machines and queues get the event's detail alone; a log group gets
   * the whole event, since EventBridge takes no other input for it than a time stamp and a message.
   *
   * @param target Name of the receiver without the suffix; the dead-letter queue is `<rule>-to-<target>-dlq`.
   */
  addTarget(target: string, props: EventTargetProps): void {
    const { receiver, errorImpact } = props;
    const { rule, names, bus, key, alarmTopic } = this.#props;
    const deadLetters = new Queue(this, `${target}-dlq`, {
      queueName: names.dlq(`${rule}-to-${target}`),
      key,
      eventSenders: [this.arn],
      redrive: () => ({ kind: "bus", name: bus.busName }),
    });
    new MessagesAlarm(this, `${target}-dead-letters`, {
      queue: deadLetters,
      errorImpact,
      firstSteps: [
        `Read ERROR_MESSAGE of a message: npm run cli -- dlq show --message, for ${deadLetters.queueName}.`,
        "Mend the target or the permission that it names; deploy the stack again if it was changed by hand.",
        "Put the events on the bus again: npm run cli -- dlq redrive.",
      ],
      topic: alarmTopic,
    });
    new CloudwatchEventTarget(this, `${target}-target`, {
      rule: this.#rule.name,
      eventBusName: bus.busName,
      targetId: target,
      ...this.#receive(target, receiver),
      retryPolicy,
      deadLetterConfig: { arn: deadLetters.arn },
    });
  }

  /** How EventBridge reaches the receiver: with a role, or by the receiver's own resource policy. */
  #receive(target: string, receiver: EventReceiver) {
    switch (receiver.kind) {
      case "log group":
        return { arn: receiver.logGroup.arn };
      case "queue":
        return { arn: receiver.queue.arn, inputPath: "$.detail" };
      case "state machine": {
        const { rule, names } = this.#props;
        const role = new Role(this, `${target}-role`, {
          roleName: names.role(`${rule}-to-${target}`),
          description: `Lets the rule ${names.rule(rule)} start ${target}.`,
          service: "events.amazonaws.com",
          condition: onBehalfOf({ sourceArn: this.arn, account: accountOf(this) }),
          statements: receiver.stateMachine.allowStart(),
        });
        return { arn: receiver.stateMachine.arn, inputPath: "$.detail", roleArn: role.arn };
      }
    }
  }
}
