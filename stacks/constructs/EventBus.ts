import { CloudwatchEventBus } from "@cdktf/provider-aws/lib/cloudwatch-event-bus/index.js";
import { Construct } from "constructs";
import type { EncryptionKey } from "./EncryptionKey.ts";
import { allow, type Statement } from "./policy.ts";

export interface EventBusProps {
  readonly busName: string;
  readonly description: string;
  readonly key: EncryptionKey;
  /** Queue for events that the bus can't decrypt or encrypt, by ARN. */
  readonly deadLetterQueueArn: string;
}

/** An event bus, encrypted with our key. */
export class EventBus extends Construct {
  readonly arn: string;
  readonly busName: string;

  constructor(scope: Construct, id: string, props: EventBusProps) {
    super(scope, id);
    const { busName, description, key, deadLetterQueueArn } = props;
    const bus = new CloudwatchEventBus(this, "bus", {
      name: busName,
      description,
      kmsKeyIdentifier: key.arn,
      deadLetterConfig: { arn: deadLetterQueueArn },
    });
    this.arn = bus.arn;
    this.busName = bus.name;
  }

  /** Allows to put events. The bus uses its key by itself. */
  allowPutEvents(): readonly Statement[] {
    return [allow(["events:PutEvents"], [this.arn])];
  }
}
