import type { Construct } from "constructs";
import { paymentEventSource } from "../../config/events.ts";
import type { EventBus } from "../constructs/EventBus.ts";
import { EventRule } from "../constructs/EventRule.ts";
import { LogGroup } from "../constructs/LogGroup.ts";
import type { PipelineKit } from "./PipelineKit.ts";

/**
 * What the bus's rules were given: each event as the rules saw it, whichever of them matched. Events carry ids and facts
 * and no bodies, so a log may have them (WEBHOOK_RULES 19).
 */
export function logEveryEvent(scope: Construct, kit: PipelineKit, bus: EventBus): void {
  const rule = new EventRule(scope, "every-event", {
    rule: "every-event",
    description: "Every event is logged, beside what its tier's rule does with it.",
    names: kit.names,
    bus,
    pattern: { source: [paymentEventSource] },
    key: kit.key,
    alarmTopic: kit.alarmTopic,
  });
  rule.addTarget("log", {
    receiver: {
      kind: "log group",
      logGroup: new LogGroup(scope, "every-event-log", { logGroupName: kit.names.logGroups.bus, logs: kit.logs }),
    },
    errorImpact: "None for customers: events are missing from a log, but take their way.",
  });
}
