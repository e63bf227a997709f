/** Source: EventBridge User Guide, "Monitoring Amazon EventBridge". A custom bus's rules have both dimensions. */
import type { RuleConfig } from "../../events/config.ts";
import type { RuleFate } from "../../events/delivery.ts";
import { type Book, tellerOf } from "./teller.ts";

const names: Readonly<Record<RuleFate, readonly string[]>> = {
  matched: ["MatchedEvents", "TriggeredRules"],
  delivered: ["Invocations"],
  // Attempts before the last one aren't invocations.
  retried: ["RetryInvocationAttempts"],
  failed: ["Invocations", "FailedInvocations"],
  "dead-lettered": ["InvocationsSentToDlq"],
  "not-dead-lettered": ["InvocationsFailedToBeSentToDlq"],
};

export function eventsMetrics(book: Book): (rule: RuleConfig, fate: RuleFate) => void {
  const teller = tellerOf(book, "AWS/Events");
  return ({ name, busName }, fate) => {
    const isCustom = busName !== "default";
    const tells = [
      teller(["RuleName", name]),
      ...(isCustom ? [teller(["EventBusName", busName], ["RuleName", name])] : []),
    ];
    for (const tell of tells) for (const metric of names[fate]) tell(metric, 1);
  };
}
