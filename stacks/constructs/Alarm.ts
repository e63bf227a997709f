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
  /**
   * Whether no data leaves it as it is, so that it rings until a value says that it is over. No data counts as good when
   * absent. Source: CloudWatch User Guide, "Configuring how CloudWatch alarms treat missing data", `ignore`.
   */
  readonly ringsWithoutData?: boolean;
  /** Where it rings, and where it says that it is over. */
  readonly topic: Topic;
}

/** A CloudWatch alarm whose text says what a failure means and what to do. */
export class Alarm extends Construct {
  constructor(scope: Construct, id: string, props: AlarmProps) {
    super(scope, id);
    const { alarmName, namespace, metricName, dimensions, statistic } = props;
    const { periodSeconds, above, ringsWithoutData = false, topic } = props;
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
      treatMissingData: ringsWithoutData ? "ignore" : "notBreaching",
      alarmActions: [topic.arn],
      okActions: [topic.arn],
    });
  }
}

/** What an alarm says to whoever it wakes. */
export function alarmText({ errorImpact, whatToDo }: Pick<AlarmProps, "errorImpact" | "whatToDo">): string {
  return `Impact: ${errorImpact} What to do: ${whatToDo}`;
}
