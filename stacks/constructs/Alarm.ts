import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import { Construct } from "constructs";
import { type AlarmWords, alarmText } from "./alarmText.ts";
import { type MetricStatistic, statisticArguments } from "./metrics.ts";
import { ringAt } from "./ringAt.ts";
import type { Topic } from "./Topic.ts";

export interface AlarmProps extends AlarmWords, MetricStatistic {
  readonly periodSeconds: number;
  /** Rings when the statistic is above this. */
  readonly above: number;
  /** In so many periods in a row; 1 when absent. */
  readonly periods?: number;
  /**
   * Whether no data leaves it as it is, so that it rings until a value says that it is over. No data counts as good when
   * absent. Source: CloudWatch User Guide, "Configuring how CloudWatch alarms treat missing data", `ignore`.
   */
  readonly ringsWithoutData?: boolean;
  /** Where it rings, and where it says that it is over. A part of a composite alarm has none: that one rings. */
  readonly topic?: Topic;
}

/** A CloudWatch alarm on one metric, whose text says what a failure means and what to do. */
export class Alarm extends Construct {
  /** A reference: who names it is made after it, and changed before it goes. */
  readonly alarmName: string;

  constructor(scope: Construct, id: string, props: AlarmProps) {
    super(scope, id);
    const { namespace, metricName, dimensions, statistic } = props;
    const { periodSeconds, above, periods = 1, ringsWithoutData = false, topic } = props;
    const alarm = new CloudwatchMetricAlarm(this, "alarm", {
      alarmName: props.alarmName,
      alarmDescription: alarmText(this, props),
      namespace,
      metricName,
      dimensions,
      ...statisticArguments(statistic),
      period: periodSeconds,
      evaluationPeriods: periods,
      threshold: above,
      comparisonOperator: "GreaterThanThreshold",
      treatMissingData: ringsWithoutData ? "ignore" : "notBreaching",
      ...ringAt(topic),
    });
    this.alarmName = alarm.alarmName;
  }
}
