import { CloudwatchLogMetricFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-metric-filter/index.js";
import { Construct } from "constructs";
import { Alarm } from "./Alarm.ts";
import type { LogGroup } from "./LogGroup.ts";
import type { Topic } from "./Topic.ts";

export interface LogCodeAlarmProps {
  /** Also the name of the filter and of the metric between the two. */
  readonly alarmName: string;
  readonly logGroup: LogGroup;
  /** The field `code` of the JSON lines that it counts. */
  readonly code: string;
  /** What a customer notices while lines with the code are written. */
  readonly errorImpact: string;
  readonly whatToDo: string;
  readonly topic: Topic;
}

const namespace = "payment-webhook-pipeline";

/**
 * Rings when a function says something in its log, by its code. The line comes once per execution environment, and
 * those live for hours: so it looks at a whole day, and rings on while the cause lasts.
 */
export class LogCodeAlarm extends Construct {
  constructor(scope: Construct, id: string, props: LogCodeAlarmProps) {
    super(scope, id);
    const { alarmName, logGroup, code, errorImpact, whatToDo, topic } = props;
    new CloudwatchLogMetricFilter(this, "filter", {
      name: alarmName,
      logGroupName: logGroup.logGroupName,
      pattern: `{ $.code = "${code}" }`,
      metricTransformation: { name: alarmName, namespace, value: "1" },
    });
    new Alarm(this, "lines", {
      alarmName,
      errorImpact,
      whatToDo,
      namespace,
      metricName: alarmName,
      dimensions: {},
      statistic: "Sum",
      periodSeconds: 24 * 60 * 60,
      above: 0,
      topic,
    });
  }
}
