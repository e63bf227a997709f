import type { Construct } from "constructs";
import type { AlarmWords } from "./alarmText.ts";
import type { LogGroup } from "./LogGroup.ts";
import { LogLinesAlarm } from "./LogLinesAlarm.ts";
import type { Topic } from "./Topic.ts";

export interface LogCodeAlarmProps extends AlarmWords {
  readonly logGroup: LogGroup;
  /** The field `code` of the JSON lines that it counts. */
  readonly code: string;
  readonly topic: Topic;
}

/**
 * Rings when a function says something in its log, by its code. The line comes once per execution environment, and
 * those live for hours: so it looks at a whole day, and rings on while the cause lasts.
 */
export class LogCodeAlarm extends LogLinesAlarm {
  constructor(scope: Construct, id: string, { code, ...alarm }: LogCodeAlarmProps) {
    super(scope, id, { ...alarm, pattern: `{ $.code = "${code}" }`, periodSeconds: 24 * 60 * 60, above: 0 });
  }
}
