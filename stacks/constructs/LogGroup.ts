import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import { Construct } from "constructs";
import type { EncryptionKey } from "./EncryptionKey.ts";

/** What every log group of a stack shares. */
export interface LogSettings {
  readonly retentionDays: number;
  readonly key: EncryptionKey;
}

export interface LogGroupProps {
  readonly logGroupName: string;
  readonly logs: LogSettings;
}

/** A log group, encrypted with our key, whose lines end after the retention. */
export class LogGroup extends Construct {
  readonly resource: CloudwatchLogGroup;

  constructor(scope: Construct, id: string, props: LogGroupProps) {
    super(scope, id);
    const { logGroupName, logs } = props;
    this.resource = new CloudwatchLogGroup(this, "group", {
      name: logGroupName,
      retentionInDays: logs.retentionDays,
      kmsKeyId: logs.key.arn,
    });
  }

  /** A reference to its name: who uses it depends on the log group. */
  get logGroupName(): string {
    return this.resource.name;
  }

  get arn(): string {
    return this.resource.arn;
  }
}
