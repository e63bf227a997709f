import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import { Construct } from "constructs";
import { type AlarmWords, alarmText } from "./alarmText.ts";
import type { Metric } from "./metrics.ts";
import { ringAt } from "./ringAt.ts";
import { checkRules } from "./rules.ts";
import type { Topic } from "./Topic.ts";

export interface SilenceAlarmProps extends AlarmWords, Metric {
  /** Rings when the metric has counted nothing for so long: 1 to 168 hours, or 5 to 1,440 minutes in steps of five. */
  readonly silence: { readonly hours: number } | { readonly minutes: number };
  /** Where it rings, and where it says that it is over. A part of a composite alarm has none: that one rings. */
  readonly topic?: Topic;
}

/**
 * What CloudWatch evaluates at the most: seven days where periods are an hour or longer, and one day where they are
 * shorter. Source: CloudWatch, API reference, PutMetricAlarm.
 */
const units = {
  hours: { periodSeconds: 60 * 60, step: 1, most: 7 * 24 },
  minutes: { periodSeconds: 5 * 60, step: 5, most: 24 * 60 },
} as const;

/**
 * Rings when something that should happen doesn't. A metric that counts what happened has no data then, so no data is
 * bad here. It rings in a new environment, too, until the first time.
 *
 * CloudWatch looks back a little further than the periods that it evaluates, so it may ring some periods later.
 * Source: CloudWatch User Guide, "Configuring how CloudWatch alarms treat missing data".
 */
export class SilenceAlarm extends Construct {
  /** A reference: who names it is made after it, and changed before it goes. */
  readonly alarmName: string;

  /** @throws Error when CloudWatch can't look back so far. */
  constructor(scope: Construct, id: string, props: SilenceAlarmProps) {
    super(scope, id);
    const { namespace, metricName, dimensions, silence, topic } = props;
    const [length, unit] =
      "hours" in silence ? ([silence.hours, "hours"] as const) : ([silence.minutes, "minutes"] as const);
    const { periodSeconds, step, most } = units[unit];
    checkRules(this, [
      {
        broken: !Number.isInteger(length / step) || length < step || length > most,
        message: `${length} ${unit} of silence can't be watched: ${step} to ${most}, in steps of ${step}`,
      },
    ]);
    const alarm = new CloudwatchMetricAlarm(this, "alarm", {
      alarmName: props.alarmName,
      alarmDescription: alarmText(this, props),
      namespace,
      metricName,
      dimensions,
      statistic: "Sum",
      period: periodSeconds,
      evaluationPeriods: length / step,
      threshold: 1,
      comparisonOperator: "LessThanThreshold",
      treatMissingData: "breaching",
      ...ringAt(topic),
    });
    this.alarmName = alarm.alarmName;
  }
}
