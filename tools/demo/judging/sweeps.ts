/** What would stay lost without anybody walking through: events without a decision, and letters that SQS forgets. */
import type { Check } from "./invariant.ts";

/** Queues whose messages nothing takes: people do, in time. */
const isEnd = /-dlq-|^unroutable-|^workflow-failed-/;

export const sweepChecks: readonly Check[] = [
  {
    name: "an event whose decision got lost is put on the bus again, and decided",
    look: ({ sweeps: { undone }, evidence, ofStandIn }) => {
      const decided = new Set([...evidence.decisions, ...ofStandIn.decisions].map(({ eventId }) => eventId));
      return {
        seen: { "such events": undone.length },
        problems: undone.filter((eventId) => !decided.has(eventId)).map((eventId) => `${eventId} has no decision`),
      };
    },
  },
  {
    name: "every dead letter is copied before SQS forgets it",
    look: ({ sweeps: { copies }, evidence }) => {
      const queues = [...evidence.queues].filter(([name]) => isEnd.test(name));
      const letters = queues.reduce((sum, [, messages]) => sum + messages.length, 0);
      return {
        seen: { queues: queues.length, letters },
        problems: queues
          .filter(([name, messages]) => (copies.get(name) ?? 0) !== messages.length)
          .map(([name, messages]) => `${copies.get(name) ?? 0} of ${messages.length} letters of ${name} are copied`),
      };
    },
  },
];
