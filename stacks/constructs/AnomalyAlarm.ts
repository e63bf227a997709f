import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import { Construct } from "constructs";
import { type AlarmWords, alarmText } from "./alarmText.ts";
import type { MetricStatistic } from "./metrics.ts";
import { ringAt } from "./ringAt.ts";
import type { Topic } from "./Topic.ts";

export interface AnomalyAlarmProps extends AlarmWords, MetricStatistic {
  readonly periodSeconds: number;
  /** Rings when so many periods in a row are outside of the band. */
  readonly periods: number;
  /** Half the band's width, in standard deviations: the larger, the less often it rings. */
  readonly bandWidth: number;
  /** Where it rings, and where it says that it is over. */
  readonly topic?: Topic;
}

/**
 * Rings when a metric leaves the band that CloudWatch expects of it at that hour of that weekday, upward or downward. It
 * learns from two weeks of data, and its band is wide before. A period without data counts as good.
 *
 * CloudWatch bills it as three metrics: the metric, and both ends of the band.
 * Source: CloudWatch User Guide, "Using CloudWatch anomaly detection".
 */
export class AnomalyAlarm extends Construct {
  /** A reference: who names it is made after it, and changed before it goes. */
  readonly alarmName: string;

  constructor(scope: Construct, id: string, props: AnomalyAlarmProps) {
    super(scope, id);
    const { namespace, metricName, dimensions, statistic, periodSeconds, periods, bandWidth, topic } = props;
    const alarm = new CloudwatchMetricAlarm(this, "alarm", {
      alarmName: props.alarmName,
      alarmDescription: alarmText(this, props),
      metricQuery: [
        { id: "band", expression: `ANOMALY_DETECTION_BAND(actual, ${bandWidth})`, label: "expected", returnData: true },
        {
          id: "actual",
          returnData: true,
          metric: { namespace, metricName, dimensions, period: periodSeconds, stat: statistic },
        },
      ],
      thresholdMetricId: "band",
      comparisonOperator: "LessThanLowerOrGreaterThanUpperThreshold",
      evaluationPeriods: periods,
      treatMissingData: "notBreaching",
      ...ringAt(topic),
    });
    this.alarmName = alarm.alarmName;
  }
}
