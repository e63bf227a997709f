/** Each way of the bus has exactly its events. Repeats are allowed by at-least-once delivery. */
import type { Tier } from "../../../config/events.ts";
import type { EventSeen, ExecutionSeen } from "../evidence.ts";
import type { Findings } from "./findings.ts";
import { type Check, missing } from "./invariant.ts";

const succeeded = (executions: readonly ExecutionSeen[]) => executions.filter(({ status }) => status === "SUCCEEDED");

export const deliveryChecks: readonly Check[] = [
  way("unroutable money waits on its queue", ["unroutable"], ({ evidence }) => onQueue(evidence, "unroutable")),
  way("the low tier is logged", ["low"], ({ evidence }) => evidence.lowTierLog),
  way("medium events ran through transaction-workflow", ["medium"], ({ evidence }) => succeeded(evidence.workflows)),
  way("high events ran through high-value-review", ["high"], ({ evidence }) => succeeded(evidence.reviews)),
  way("people were alerted of medium and high events", ["medium", "high"], ({ evidence }) => evidence.alerts),
  {
    name: "every review was decided by a person",
    look: ({ evidence, reviewed }) => {
      const running = evidence.reviews.filter(({ status }) => status === "RUNNING").map(({ eventId }) => eventId);
      const decided = new Map(evidence.decisions.map(({ eventId, decision }) => [eventId, decision]));
      const unrecorded = [...reviewed].filter(([eventId, answer]) => decided.get(eventId) !== answer);
      return {
        seen: { reviews: reviewed.size },
        problems: [
          ...running.map((eventId) => `${eventId} still waits`),
          ...unrecorded.map(([eventId, answer]) => `${eventId}: the answer ${answer} isn't recorded`),
        ],
      };
    },
  },
];

function way(name: string, tiers: readonly Tier[], arrived: (findings: Findings) => readonly EventSeen[]): Check {
  return {
    name,
    look(findings) {
      const expected = new Set(
        findings.routed.filter(({ planned }) => tiers.includes(planned.tier)).map(({ eventId }) => eventId),
      );
      const actual = arrived(findings).map(({ eventId }) => eventId);
      const repeats = actual.length - new Set(actual).size;
      return {
        seen: { events: expected.size },
        ...(repeats === 0 ? {} : { note: `${repeats} delivered again` }),
        problems: [
          ...missing(expected, actual).map((eventId) => `${eventId} is missing`),
          ...missing(actual, [...expected]).map((eventId) => `${eventId} shouldn't be there`),
        ],
      };
    },
  };
}

/** Messages on the queue of that name, whatever its environment. */
function onQueue({ queues }: Findings["evidence"], name: string): readonly EventSeen[] {
  const found = [...queues].filter(([queueName]) => new RegExp(`^${name}-(?!to-)(?!dlq)`).test(queueName));
  return found.flatMap(([, messages]) => messages.map(({ event }) => event));
}
