/** Deliveries of an event that ended in a dead-letter queue, which its records say nothing of. */
import type { names } from "../../../config/names.ts";
import type { DeadLettered, Moment } from "../answers.ts";

/** @param lines of the event. The oldest first */
export function deadLetteredOf(
  lines: readonly Moment[],
  { dlq, lambda }: ReturnType<typeof names>,
): readonly DeadLettered[] {
  const queues = new Map([
    [lambda("webhook-dedup"), dlq("webhook-events")],
    [lambda("fraud-detector"), dlq("low-value-batch")],
  ]);
  return lines
    .filter(({ word }) => word === "dead-lettered")
    .map(({ at, where, fields: { code } }) => {
      const queue = queues.get(where);
      return { at, reason: String(code ?? "unknown"), ...(queue !== undefined && { queue }) };
    })
    .sort((one, other) => (one.at < other.at ? -1 : 1));
}
