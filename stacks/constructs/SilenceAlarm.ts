import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import { Construct } from "constructs";
import { type AlarmWords, alarmText } from "./alarmText.ts";
import type { Metric } from "./metrics.ts";
import { ringAt } from "./ringAt.ts";
import { checkRules } from "./rules.ts";
import type { Topic } from "./Topic.ts";

export interface SilenceAlarmProps extends AlarmWords, Metric {
  /** Rings when the metric has counted nothing for so many hours: 168 at the most (CloudWatch, PutMetricAlarm). */
  readonly hours: number;
  /** Where it rings, and where it says that it is over. */
  readonly topic: Topic;
}

const hourSeconds = 60 * 60;
/** CloudWatch evaluates seven days at the most where periods are an hour or longer, and one day where they are shorter. */
const mostHours = 7 * 24;

/**
 * Rings when something that should happen doesn't. A metric that counts what happened has no data then, so no data is
 * bad here. It rings in a new environment, too, until the first time.
 *
 * CloudWatch looks back a little further than the periods that it evaluates, so it may ring some hours later.
 * Source: CloudWatch User Guide, "Configuring how CloudWatch alarms treat missing data".
 */
export class SilenceAlarm extends Construct {
  /** @throws Error when CloudWatch can't look back so far. */
  constructor(scope: Construct, id: string, props: SilenceAlarmProps) {
    super(scope, id);
    const { namespace, metricName, dimensions, hours, topic } = props;
    checkRules(this, [
      {
        broken: !Number.isInteger(hours) || hours < 1 || hours > mostHours,
        message: `${hours} hours of silence can't be watched: whole hours, 1 to ${mostHours}`,
      },
    ]);
    new CloudwatchMetricAlarm(this, "alarm", {
      alarmName: props.alarmName,
      alarmDescription: alarmText(this, props),
      namespace,
      metricName,
      dimensions,
      statistic: "Sum",
      period: hourSeconds,
      evaluationPeriods: hours,
      threshold: 1,
      comparisonOperator: "LessThanThreshold",
      treatMissingData: "breaching",
      ...ringAt(topic),
    });
  }
}
