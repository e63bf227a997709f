import { SchedulerSchedule } from "@cdktf/provider-aws/lib/scheduler-schedule/index.js";
import { SchedulerScheduleGroup } from "@cdktf/provider-aws/lib/scheduler-schedule-group/index.js";
import { Construct } from "constructs";
import { accountOf } from "./account.ts";
import type { EncryptionKey } from "./EncryptionKey.ts";
import { MessagesAlarm } from "./MessagesAlarm.ts";
import { onBehalfOf } from "./policy.ts";
import { Queue } from "./Queue.ts";
import { Role } from "./Role.ts";
import { SilenceAlarm } from "./SilenceAlarm.ts";
import type { StateMachine } from "./StateMachine.ts";
import type { Topic } from "./Topic.ts";

export interface ScheduleProps {
  readonly scheduleName: string;
  /** A group of its own: the role can be bound to a group, and not to a schedule. */
  readonly groupName: string;
  readonly description: string;
  /** `cron(…)`, `rate(…)` or `at(…)`, in UTC. */
  readonly expression: string;
  /** Hours from one start to the next, by the expression. */
  readonly everyHours: number;
  readonly stateMachine: StateMachine;
  /** What an execution gets; Scheduler fills in `<aws.scheduler.scheduled-time>` and its like. */
  readonly input: Readonly<Record<string, string>>;
  readonly roleName: string;
  readonly deadLetterQueueName: string;
  /** Encrypts the dead-letter queue. */
  readonly key: EncryptionKey;
  /** What it means to a customer that no execution was started, or none came to its end. */
  readonly errorImpact: string;
  readonly whatToDo: string;
  readonly alarmTopic: Topic;
}

/** Scheduler's own limit is a day; after six hours the next start of a daily schedule isn't far. */
const retryHours = 6;
const retryPolicy = { maximumRetryAttempts: 185, maximumEventAgeInSeconds: retryHours * 60 * 60 } as const;

/**
 * Starts executions of a state machine by the clock. What can't be started goes to a watched
 * dead-letter queue. And where no execution succeeds for longer than Scheduler may take from one start to the next, it
 * rings: nothing else tells of a schedule that never goes off.
 */
export class Schedule extends Construct {
  constructor(scope: Construct, id: string, props: ScheduleProps) {
    super(scope, id);
    const { scheduleName, groupName, description, expression, everyHours, stateMachine, input } = props;
    const { roleName, deadLetterQueueName, key, errorImpact, whatToDo, alarmTopic } = props;
    const deadLetters = new Queue(this, "dlq", { queueName: deadLetterQueueName, key });
    const group = new SchedulerScheduleGroup(this, "group", { name: groupName });
    const role = new Role(this, "role", {
      roleName,
      description: `What the schedule ${scheduleName} may do.`,
      service: "scheduler.amazonaws.com",
      condition: onBehalfOf({ sourceArn: group.arn, account: accountOf(this) }),
      statements: [...stateMachine.allowStart(), ...deadLetters.allowSend()],
    });
    new SchedulerSchedule(this, "schedule", {
      name: scheduleName,
      groupName: group.name,
      description,
      scheduleExpression: expression,
      scheduleExpressionTimezone: "UTC",
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: stateMachine.arn,
        roleArn: role.arn,
        input: JSON.stringify(input),
        retryPolicy,
        deadLetterConfig: { arn: deadLetters.arn },
      },
      dependsOn: [role.policy],
    });
    new MessagesAlarm(this, "dead-letters", { queue: deadLetters, errorImpact, whatToDo, topic: alarmTopic });
    new SilenceAlarm(this, "not-succeeded", {
      alarmName: `${stateMachine.stateMachineName}-not-succeeded`,
      errorImpact,
      whatToDo: `look whether the schedule ${scheduleName} is there and enabled, then start an execution with {}.`,
      namespace: "AWS/States",
      metricName: "ExecutionsSucceeded",
      dimensions: { StateMachineArn: stateMachine.arn },
      hours: everyHours + retryHours,
      topic: alarmTopic,
    });
  }
}
