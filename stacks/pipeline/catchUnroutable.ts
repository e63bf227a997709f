import type { Construct } from "constructs";
import type { EventBus } from "../constructs/EventBus.ts";
import { MessagesAlarm } from "../constructs/MessagesAlarm.ts";
import { Queue } from "../constructs/Queue.ts";
import type { PipelineKit } from "./PipelineKit.ts";

/** Money whose amount can't be used matches no tier: it waits for a person (WEBHOOK_RULES 10). */
export function catchUnroutable(scope: Construct, kit: PipelineKit, bus: EventBus): void {
  const rule = kit.tierRule(scope, "unroutable", {
    bus,
    description: "Events without a usable amount wait for a person.",
    routingAmountUsd: { exists: false },
  });
  const queue = new Queue(scope, "unroutable-queue", {
    queueName: kit.names.queues.unroutable,
    key: kit.key,
    eventSenders: [rule.arn],
    redrive: () => ({
      kind: "none",
      why: "On the bus it would come back here: once config/fx.ts knows its currency, npm run cli -- replay routes it.",
    }),
  });
  const errorImpact = "Payments in an unknown currency or without an amount stay without a decision.";
  new MessagesAlarm(scope, "unroutable-alarm", {
    queue,
    errorImpact,
    firstSteps: [
      "See what is wrong with each amount (amountProblem): npm run cli -- dlq show unroutable.",
      "Mend the table or the translation that is at fault. A resend by the provider would be a duplicate.",
      "Route the events anew with npm run cli -- replay, or complete them by hand as the runbook says.",
    ],
    topic: kit.alarmTopic,
  });
  rule.addTarget("unroutable", { receiver: { kind: "queue", queue }, errorImpact });
}
