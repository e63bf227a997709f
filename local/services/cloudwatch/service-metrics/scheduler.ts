/** Source: EventBridge Scheduler User Guide, "Monitoring Amazon EventBridge Scheduler with Amazon CloudWatch". */
import type { ScheduleConfig } from "../../scheduler/config.ts";
import type { ScheduleFate } from "../../scheduler/invocation.ts";
import { type Book, lastPart, tellerOf } from "./teller.ts";

const names: Readonly<Record<ScheduleFate, string>> = {
  attempted: "InvocationAttemptCount",
  failed: "TargetErrorCount",
  throttled: "TargetErrorThrottledCount",
  "dead-lettered": "InvocationsSentToDeadLetterCount",
  dropped: "InvocationDroppedCount",
};

export function schedulerMetrics(book: Book): (schedule: ScheduleConfig, fate: ScheduleFate) => void {
  const teller = tellerOf(book, "AWS/Scheduler");
  return ({ groupArn }, fate) => teller(["ScheduleGroup", lastPart(groupArn)])(names[fate], 1);
}
