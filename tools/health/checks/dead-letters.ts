import type { Names } from "../../../config/names.ts";
import { countText } from "../../../lambdas/shared/report/counts.ts";
import { depthsOf, type QueueFacts } from "../queues.ts";
import type { Finding } from "../section.ts";

/** Queues in which messages end that nobody could handle. Whatever is in one waits for a person. */
export async function checkDeadLetters(facts: QueueFacts, names: Names): Promise<Finding> {
  const ends: readonly string[] = [names.queues.unroutable, names.queues.workflowFailed];
  // Known by their names: which there are in AWS, only Terraform's state would say.
  const suffix = names.dlq("");
  const urls = [...(await facts.urls())].filter(([name]) => name.endsWith(suffix) || ends.includes(name));
  if (urls.length === 0) {
    return { state: "problem", lines: ["none is there: check --env, --region, and that it is deployed"] };
  }
  const depths = await depthsOf(facts, urls);
  const filled = depths.filter(({ waiting, inFlight }) => waiting + inFlight > 0);
  const queues = filled.map(({ name, waiting, inFlight }) => ({ name, messages: waiting + inFlight }));
  return {
    state: filled.length > 0 ? "problem" : "ok",
    lines:
      filled.length > 0
        ? queues.map(({ name, messages }) => `${name}: ${countText(messages, "message")}`)
        : [`all ${depths.length} queues are empty`],
    next: ["dlq", "list"],
    data: { looked: depths.length, queues },
  };
}
