import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import { Construct } from "constructs";
import type { Topic } from "./Topic.ts";

export interface AlarmProps {
  readonly alarmName: string;
  /** What a customer notices while it rings. */
  readonly errorImpact: string;
  /** What the person who is woken does first. */
  readonly whatToDo: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: "Maximum" | "Sum";
  readonly periodSeconds: number;
  /** Rings when the statistic of one period is above this. */
  readonly above: number;
  /** Where it rings, and where it says that it is over. */
  readonly topic: Topic;
}

/** A CloudWatch alarm whose text says what a failure means and what to do. No data counts as good. */
export class Alarm extends Construct {
  constructor(scope: Construct, id: string, props: AlarmProps) {
    super(scope, id);
    const { alarmName, namespace, metricName, dimensions, statistic } = props;
    const { periodSeconds, above, topic } = props;
    new CloudwatchMetricAlarm(this, "alarm", {
      alarmName,
      alarmDescription: alarmText(props),
      namespace,
      metricName,
      dimensions,
      statistic,
      period: periodSeconds,
      evaluationPeriods: 1,
      threshold: above,
      comparisonOperator: "GreaterThanThreshold",
      treatMissingData: "notBreaching",
      alarmActions: [topic.arn],
      okActions: [topic.arn],
    });
  }
}

/** What an alarm says to whoever it wakes. */
export function alarmText({ errorImpact, whatToDo }: Pick<AlarmProps, "errorImpact" | "whatToDo">): string {
  return `Impact: ${errorImpact} What to do: ${whatToDo}`;
}
