import {
  CloudwatchMetricAlarm,
  type CloudwatchMetricAlarmMetricQuery,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import { Construct } from "constructs";
import type { AlarmProps } from "./Alarm.ts";
import { type AlarmWords, alarmText } from "./alarmText.ts";
import type { MetricStatistic } from "./metrics.ts";
import { ringAt } from "./ringAt.ts";
import { checkRules } from "./rules.ts";

export interface MathAlarmProps extends AlarmWords, Pick<AlarmProps, "periodSeconds" | "above" | "periods" | "topic"> {
  /** What it computes with, by the ids that the expression has for them: `errors`, `requests`. Ten at the most. */
  readonly metrics: Readonly<Record<string, MetricStatistic>>;
  /** In CloudWatch's metric math: `100 * errors / requests`. It rings when that is above the threshold. */
  readonly expression: string;
  /** What the result is, for charts: "per cent of requests". */
  readonly label: string;
}

/** Source: CloudWatch User Guide, "Create a CloudWatch alarm based on a metric math expression". */
const mostMetrics = 10;

/** A CloudWatch alarm on what several metrics come to. A period without a result counts as good. */
export class MathAlarm extends Construct {
  /** A reference: who names it is made after it, and changed before it goes. */
  readonly alarmName: string;

  /** @throws Error when CloudWatch takes no such expression, or when it leaves a metric out. */
  constructor(scope: Construct, id: string, props: MathAlarmProps) {
    super(scope, id);
    const { metrics, expression, label, periodSeconds, above, periods = 1, topic } = props;
    const ids = Object.keys(metrics);
    checkRules(this, [
      {
        broken: ids.length > mostMetrics,
        message: `it computes with ${ids.length} metrics; CloudWatch takes ${mostMetrics}`,
      },
      ...ids.map((each) => ({
        broken: !/^[a-z]\w*$/.test(each) || each === result,
        message: `"${each}" can't be an id: a lower-case letter first, then letters and digits, and not "${result}"`,
      })),
      ...ids.map((each) => ({
        broken: !new RegExp(`\\b${each}\\b`).test(expression),
        message: `the expression doesn't say "${each}", which would be paid for all the same`,
      })),
    ]);
    const alarm = new CloudwatchMetricAlarm(this, "alarm", {
      alarmName: props.alarmName,
      alarmDescription: alarmText(this, props),
      metricQuery: [
        { id: result, expression, label, returnData: true },
        ...Object.entries(metrics).map(([metricId, metric]) => queryOf(metricId, metric, periodSeconds)),
      ],
      evaluationPeriods: periods,
      threshold: above,
      comparisonOperator: "GreaterThanThreshold",
      treatMissingData: "notBreaching",
      ...ringAt(topic),
    });
    this.alarmName = alarm.alarmName;
  }
}

/** Id of the expression's value. */
const result = "result";

function queryOf(id: string, metric: MetricStatistic, period: number): CloudwatchMetricAlarmMetricQuery {
  const { namespace, metricName, dimensions, statistic } = metric;
  return { id, returnData: false, metric: { namespace, metricName, dimensions, period, stat: statistic } };
}
