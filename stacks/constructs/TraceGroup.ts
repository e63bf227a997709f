import { XrayGroup } from "@cdktf/provider-aws/lib/xray-group/index.js";
import { Construct } from "constructs";

export interface TraceGroupProps {
  /** With the environment's suffix; 32 characters at the most. */
  readonly groupName: string;
  /** Which traces are in it, in X-Ray's filter expressions: `service("a") {fault}`. */
  readonly filterExpression: string;
}

/** Traces of X-Ray that are looked at together. X-Ray counts them as metrics of CloudWatch, and finds no insights in them. */
export class TraceGroup extends Construct {
  constructor(scope: Construct, id: string, props: TraceGroupProps) {
    super(scope, id);
    const { groupName, filterExpression } = props;
    new XrayGroup(this, "group", {
      groupName,
      filterExpression,
      insightsConfiguration: { insightsEnabled: false, notificationsEnabled: false },
    });
  }
}
