/** Which rules of the bus take an event, judged by the bus's own matcher. */
import { paymentEventSource } from "../../../config/events.ts";
import type { CallAws } from "../../aws/types.ts";
import { compilePattern } from "../../services/events/matcher.ts";
import type { Fact, RuleVerdict } from "../answers.ts";
import { operator } from "../flow/log-tail.ts";

interface Rule {
  readonly Name: string;
  readonly Description?: string;
  readonly EventPattern?: string;
}

/**
 * The recorded fact has all that patterns look at; the bus keeps no events to ask for. Empty for an event that never went
 * there, and no rule was asked about.
 */
export async function rulesFor(call: CallAws, busName: string, fact: Fact): Promise<readonly RuleVerdict[]> {
  if (fact.tier === "unrouted" || fact.sameFactAs !== undefined) return [];
  const { Rules } = await call(operator, "events", "ListRules", { EventBusName: busName });
  const event = { source: paymentEventSource, "detail-type": fact.type, detail: fact };
  const verdicts = await Promise.all(
    (Rules as readonly Rule[]).map(async ({ Name, Description = "", EventPattern }) => {
      if (EventPattern === undefined) return undefined;
      const { Targets } = await call(operator, "events", "ListTargetsByRule", { Rule: Name, EventBusName: busName });
      return {
        name: Name,
        description: Description,
        isMatch: compilePattern(EventPattern)(event),
        pattern: EventPattern,
        targets: (Targets as readonly { readonly Arn: string }[]).map(({ Arn }) => lastPart(Arn)),
      };
    }),
  );
  return verdicts
    .filter((verdict) => verdict !== undefined)
    .sort((one, other) => Number(other.isMatch) - Number(one.isMatch) || (one.name < other.name ? -1 : 1));
}

/** The name in an ARN, with a log group's whole path. */
function lastPart(arn: string): string {
  return arn
    .split(":")
    .slice(5)
    .join(":")
    .replace(/^(log-group|stateMachine|function):/, "")
    .replace(/:\*$/, "");
}
