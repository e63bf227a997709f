import { CloudwatchCompositeAlarm } from "@cdktf/provider-aws/lib/cloudwatch-composite-alarm/index.js";
import { Construct } from "constructs";
import { type AlarmWords, alarmText } from "./alarmText.ts";
import { ringAt } from "./ringAt.ts";
import { checkRules } from "./rules.ts";
import type { Topic } from "./Topic.ts";

export interface CompositeAlarmProps extends AlarmWords {
  /** Its parts: it rings while one of them does. They are of the same stack, and have no topic of their own. */
  readonly anyOf: readonly { readonly alarmName: string }[];
  /** The alarm whose cause would make this one ring as well: while that rings, this one keeps quiet. */
  readonly quietWhile?: { readonly alarmName: string };
  readonly topic: Topic;
}

/** Source: CloudWatch, API reference, PutCompositeAlarm. */
const mostParts = 100;

/**
 * How long it waits for its cause to ring first, and how long it keeps quiet after that is over, in seconds: what piled
 * up behind the cause has to be worked off.
 */
const patience = { waitPeriod: 180, extensionPeriod: 600 } as const;

/**
 * Rings once for whatever its parts notice of one trouble. It is in the stack of its parts, since CloudWatch neither
 * makes one whose parts aren't there, nor deletes a part before it: by its references, Terraform has the order right.
 */
export class CompositeAlarm extends Construct {
  /** A reference: who names it is made after it, and changed before it goes. */
  readonly alarmName: string;

  /** @throws Error when it has no part, or more than CloudWatch takes. */
  constructor(scope: Construct, id: string, props: CompositeAlarmProps) {
    super(scope, id);
    const { anyOf, quietWhile, topic } = props;
    checkRules(this, [
      {
        broken: anyOf.length < 1 || anyOf.length > mostParts,
        message: `it has ${anyOf.length} parts; CloudWatch takes 1 to ${mostParts}`,
      },
    ]);
    const alarm = new CloudwatchCompositeAlarm(this, "alarm", {
      alarmName: props.alarmName,
      alarmDescription: alarmText(this, props),
      alarmRule: anyOf.map(({ alarmName }) => `ALARM("${alarmName}")`).join(" OR "),
      ...(quietWhile && { actionsSuppressor: { alarm: quietWhile.alarmName, ...patience } }),
      ...ringAt(topic),
    });
    this.alarmName = alarm.alarmName;
  }
}
