import { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule/index.js";
import { SchedulerScheduleGroup } from "@cdktf/provider-aws/lib/scheduler-schedule-group/index.js";
import { Construct } from "constructs";
import { accountOf } from "./account.ts";
import type { FirstSteps } from "./alarmText.ts";
import type { ContainerFunction } from "./ContainerFunction.ts";
import type { EncryptionKey } from "./EncryptionKey.ts";
import { MessagesAlarm } from "./MessagesAlarm.ts";
import type { Metric } from "./metrics.ts";
import { onBehalfOf, type Statement } from "./policy.ts";
import { Queue } from "./Queue.ts";
import { Role } from "./Role.ts";
import { SilenceAlarm } from "./SilenceAlarm.ts";
import type { StateMachine } from "./StateMachine.ts";
import type { Topic } from "./Topic.ts";

interface ScheduleSettings {
  readonly scheduleName: string;
  /** A group of its own: the role can be bound to a group, and not to a schedule. */
  readonly groupName: string;
  readonly description: string;
  /** `cron(…)`, `rate(…)` or `at(…)`, in UTC. */
  readonly expression: string;
  /** Hours from one start to the next, by the expression: it rings when nothing comes to its end for longer. */
  readonly everyHours: number;
  /** What the target gets; Scheduler fills in `<aws.scheduler.scheduled-time>` and its like. */
  readonly input: Readonly<Record<string, string>>;
  readonly roleName: string;
  /** What it means to a customer that nothing was started. */
  readonly errorImpact: string;
  /** What whoever is called does first where something could not be started. */
  readonly firstSteps: FirstSteps;
  readonly alarmTopic: Topic;
}

/** Starts executions. */
interface MachineTarget {
  readonly stateMachine: StateMachine;
  readonly deadLetterQueueName: string;
  /** Encrypts the dead-letter queue. */
  readonly key: EncryptionKey;
}

/** Invokes asynchronously. What Scheduler can't hand over goes to the same queue as what the function fails at. */
export interface FunctionTarget {
  readonly invoked: ContainerFunction;
  /** Counts the invocations that did all of their work: Lambda's own metrics don't tell those from the others. */
  readonly finished: Metric;
}

export type ScheduleProps = ScheduleSettings & (MachineTarget | FunctionTarget);

interface Target {
  readonly arn: string;
  readonly statements: readonly Statement[];
  readonly deadLetters: Queue;
}

/** Scheduler's own limit is a day; after six hours the next start of a daily schedule isn't far. */
const retryHours = 6;
const retryPolicy = { maximumRetryAttempts: 185, maximumEventAgeInSeconds: retryHours * 60 * 60 } as const;

/**
 * Starts executions of a state machine, or invokes a function, by the clock. What can't be started goes to a watched
 * dead-letter queue. And where nothing comes to its end for longer than Scheduler may take from one start to the next, it
 * rings: nothing else tells of a schedule that never goes off.
 */
export class Schedule extends Construct {
  constructor(scope: Construct, id: string, props: ScheduleProps) {
    super(scope, id);
    const { scheduleName, groupName, description, expression, input } = props;
    const { roleName, errorImpact, firstSteps, alarmTopic } = props;
    const { arn, statements, deadLetters } = "invoked" in props ? this.#invoking(props) : this.#starting(props);
    const group = new SchedulerScheduleGroup(this, "group", { name: groupName });
    const role = new Role(this, "role", {
      roleName,
      description: `What the schedule ${scheduleName} may do.`,
      service: "scheduler.amazonaws.com",
      condition: onBehalfOf({ sourceArn: group.arn, account: accountOf(this) }),
      statements: [...statements, ...deadLetters.allowSend()],
    });
    new SchedulerSchedule(this, "schedule", {
      name: scheduleName,
      groupName: group.name,
      description,
      scheduleExpression: expression,
      scheduleExpressionTimezone: "UTC",
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn,
        roleArn: role.arn,
        input: JSON.stringify(input),
        retryPolicy,
        deadLetterConfig: { arn: deadLetters.arn },
      },
      dependsOn: [role.policy],
    });
    new MessagesAlarm(this, "dead-letters", { queue: deadLetters, errorImpact, firstSteps, topic: alarmTopic });
    new SilenceAlarm(this, "not-succeeded", {
      ...("invoked" in props ? props.finished : succeeded(props.stateMachine)),
      alarmName: `${scheduleName}-not-succeeded`,
      errorImpact,
      firstSteps: [
        "Look whether another alarm of it rings, for failures or for dead letters, and go on there if so.",
        `See that the schedule ${scheduleName} is there and enabled; deploy the stack pipeline again if it isn't.`,
        "Start by hand what it starts, as the runbook says: it makes up for what was missed.",
      ],
      hours: props.everyHours + retryHours,
      topic: alarmTopic,
    });
  }

  #starting({ stateMachine, deadLetterQueueName, key }: MachineTarget): Target {
    const deadLetters = new Queue(this, "dlq", {
      queueName: deadLetterQueueName,
      key,
      redrive: () => ({ kind: "state-machine", arn: stateMachine.arn }),
    });
    return { arn: stateMachine.arn, statements: stateMachine.allowStart(), deadLetters };
  }

  #invoking({ invoked }: FunctionTarget): Target {
    const { arn, deadLetters } = invoked;
    if (deadLetters === undefined) {
      throw new Error(
        `${this.node.path} invokes a function without a dead-letter queue: Lambda would drop its failures`,
      );
    }
    return { arn, statements: invoked.allowInvoke(), deadLetters };
  }
}

function succeeded({ arn }: StateMachine): Metric {
  return { namespace: "AWS/States", metricName: "ExecutionsSucceeded", dimensions: { StateMachineArn: arn } };
}
