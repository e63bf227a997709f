/** Messages that nobody waits for: each dead letter is one that the plan made, or is named. */
import type { MessageSeen } from "../evidence.ts";
import type { HopelessMessage } from "../hopeless.ts";
import type { Accepted, Findings } from "./findings.ts";
import type { Check } from "./invariant.ts";

/** Queues that are meant to hold something at the end; other checks look at what. */
const kept = /^(unroutable-(?!to-|dlq)|demo-)/;
/** Where webhook-dedup sends what it can never take. */
const turnedAwayTo = /^webhook-events-dlq-/;

export const leftoverChecks: readonly Check[] = [
  {
    name: "what came under another event's id waits for a person, and is not booked",
    look: (findings) => ({
      seen: { "such events": findings.turnedAway.length },
      note: "each a dead letter with its reason",
      problems: unkept(findings).map(
        ({ eventId }) => `${eventId || "an event without an id"}: its other body is on no dead-letter queue`,
      ),
    }),
  },
  {
    name: "what can never succeed is a dead letter, and nothing else is",
    look: (findings) => {
      const lost = findings.hopeless.filter(
        (one) => !(findings.evidence.queues.get(one.queueName) ?? []).some((message) => isTokenIn(one, message)),
      );
      return {
        seen: { "such messages": findings.hopeless.length },
        problems: [
          ...lost.map(({ queueName }) => `a message that belongs there is not on ${queueName}`),
          ...strangersOn(findings, (queueName) => isForHopeless(findings, queueName)),
        ],
      };
    },
  },
  {
    name: "no message is left over",
    look: (findings) => ({
      seen: { queues: findings.evidence.queues.size },
      problems: [
        ...strangersOn(findings, (queueName) => !kept.test(queueName) && !isForHopeless(findings, queueName)),
        ...[...findings.evidence.unreadable].map(([queueName, count]) => `${count} in flight on ${queueName}`),
      ],
    }),
  },
];

function isForHopeless({ hopeless }: Findings, queueName: string): boolean {
  return hopeless.some((one) => one.queueName === queueName);
}

/** What lies on some of the queues, and isn't there by the plan. */
function strangersOn(
  { turnedAway, hopeless, evidence }: Findings,
  isLookedAt: (queueName: string) => boolean,
): readonly string[] {
  const isPlanned = (queueName: string, message: MessageSeen) =>
    hopeless.some((one) => one.queueName === queueName && isTokenIn(one, message)) ||
    (turnedAwayTo.test(queueName) && turnedAway.some((one) => isLetterOf(one, message)));
  return [...evidence.queues]
    .filter(([queueName]) => isLookedAt(queueName))
    .flatMap(([queueName, messages]) =>
      messages
        .filter((message) => !isPlanned(queueName, message))
        .map((message) => `${queueName} holds ${described(message, evidence.claims)}`),
    );
}

function isTokenIn({ token }: HopelessMessage, { body }: MessageSeen): boolean {
  return body.includes(token);
}

/** Turned away, and gone: lost. */
export function unkept({ turnedAway, evidence }: Findings): readonly Accepted[] {
  const letters = [...evidence.queues].flatMap(([name, messages]) => (turnedAwayTo.test(name) ? messages : []));
  return turnedAway.filter((one) => !letters.some((letter) => isLetterOf(one, letter)));
}

/** By the hash of its bytes, which the message carries: under this id there is another event, too. */
function isLetterOf({ eventId, posts }: Accepted, { event, body, reason }: MessageSeen): boolean {
  const isItsBody = posts.some(({ sha256 }) => body.includes(sha256));
  return reason === "event-id-reused" && event.eventId === eventId && isItsBody;
}

function described({ event: { eventId }, reason }: MessageSeen, claims: ReadonlyMap<string, string>): string {
  if (eventId === "") return `a message of no event${reason === undefined ? "" : ` (${reason})`}`;
  if (reason !== undefined) return `${eventId} (${reason})`;
  const status = claims.get(eventId);
  return status === "COMPLETED" || status === "SKIPPED"
    ? `${eventId} (a repeat that used up its receives; the event itself is ${status})`
    : `${eventId} (the event is ${status ?? "unknown"})`;
}
