import { CloudwatchLogMetricFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-metric-filter/index.js";
import { Construct } from "constructs";
import { Alarm, type AlarmProps } from "./Alarm.ts";
import type { AlarmWords } from "./alarmText.ts";
import type { LogGroup } from "./LogGroup.ts";

export interface LogLinesAlarmProps
  extends AlarmWords,
    Pick<AlarmProps, "periodSeconds" | "above" | "periods" | "topic"> {
  readonly logGroup: LogGroup;
  /** Of the lines that it counts, in CloudWatch Logs' pattern syntax: `{ $.responseType = "THROTTLED" }`. */
  readonly pattern: string;
}

const namespace = "payment-webhook-pipeline";

/** Rings when a log group gets more lines of a kind than it should. Filter, metric and alarm have one name. */
export class LogLinesAlarm extends Construct {
  readonly alarmName: string;

  constructor(scope: Construct, id: string, props: LogLinesAlarmProps) {
    super(scope, id);
    const { logGroup, pattern, ...alarm } = props;
    new CloudwatchLogMetricFilter(this, "filter", {
      name: props.alarmName,
      logGroupName: logGroup.logGroupName,
      pattern,
      metricTransformation: { name: props.alarmName, namespace, value: "1" },
    });
    const { alarmName } = new Alarm(this, "lines", {
      ...alarm,
      namespace,
      metricName: props.alarmName,
      dimensions: {},
      statistic: "Sum",
    });
    this.alarmName = alarmName;
  }
}
