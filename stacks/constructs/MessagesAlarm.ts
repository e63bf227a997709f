import { Construct } from "constructs";
import { Alarm } from "./Alarm.ts";
import type { AlarmWords } from "./alarmText.ts";
import type { Queue } from "./Queue.ts";
import type { Topic } from "./Topic.ts";

export interface MessagesAlarmProps extends Omit<AlarmWords, "alarmName"> {
  readonly queue: Queue;
  readonly topic: Topic;
}

/** Rings while a queue that should be empty (a dead-letter queue, `unroutable`) isn't. */
export class MessagesAlarm extends Construct {
  constructor(scope: Construct, id: string, props: MessagesAlarmProps) {
    super(scope, id);
    const { queue, errorImpact, firstSteps, topic } = props;
    new Alarm(this, "not-empty", {
      alarmName: `${queue.queueName}-not-empty`,
      errorImpact,
      firstSteps,
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: queue.queueName },
      statistic: "Maximum",
      periodSeconds: 60,
      above: 0,
      topic,
    });
  }
}
