/** The plan, the answers and the evidence laid side by side, so that each check is about what it checks alone. */
import type { Decision } from "../../../config/events.ts";
import type { ProviderName } from "../../../config/providers.ts";
import type { ArchiveSeen } from "../archive.ts";
import type { Evidence } from "../evidence.ts";
import type { HopelessMessage } from "../hopeless.ts";
import type { Plan, PlannedEvent } from "../plan.ts";
import type { ReconciliationSeen } from "../reconciliation.ts";
import type { SentWebhook } from "../send.ts";
import type { SweepsSeen } from "../sweeps.ts";

export interface Case {
  readonly plan: Plan;
  readonly sent: readonly SentWebhook[];
  /** Of the plan's events, and of whatever else there is. */
  readonly evidence: Evidence;
  readonly archive: ArchiveSeen;
  readonly reconciliation: ReconciliationSeen;
  /** Of the events that the stand-in made. */
  readonly ofStandIn: Evidence;
  readonly sweeps: SweepsSeen;
  /** The providers' secrets, to verify what was kept. */
  readonly secrets: Readonly<Record<ProviderName, unknown>>;
  /** What the demo's reviewer has answered, by event id. */
  readonly reviewed: ReadonlyMap<string, Decision>;
  /** What can never succeed, and was put in past the API. */
  readonly hopeless: readonly HopelessMessage[];
  /** Calls of the pipeline, by caller and operation, and those that a policy refused. */
  readonly calls: number;
  readonly deniedCalls: readonly string[];
  /** Grants of all roles and services, and what is wrong with them; absent when the run was too short to tell. */
  readonly grants?: { readonly count: number; readonly problems: readonly string[] };
  /** Faults that had to hit a chosen call, and those that did; absent in a run without faults. */
  readonly scheduledFaults?: { readonly planned: number; readonly struck: number };
}

/** A planned event that was answered 200. */
export interface Accepted {
  readonly eventId: string;
  readonly planned: PlannedEvent;
  /** It repeats another event's fact under this id: recorded, and nothing more. */
  readonly isRepeat: boolean;
  /** Headers and body hashes of its posts. */
  readonly posts: readonly Pick<SentWebhook, "headers" | "sha256">[];
}

export interface Findings extends Case {
  /** Planned events that got a 200 at all; whether that was with one id is for the answers' check. */
  readonly promised: readonly PlannedEvent[];
  /** Promised events by id, without those whose id another event has. */
  readonly accepted: ReadonlyMap<string, Accepted>;
  /** Accepted events that take effect: no repeats of a fact. */
  readonly routed: readonly Accepted[];
  /** Routed events that a decision is due for. */
  readonly due: readonly Accepted[];
  /** Events whose id another one had taken: a person has to look at them. */
  readonly turnedAway: readonly Accepted[];
}

const decidedTiers: ReadonlySet<string> = new Set(["high", "medium", "low"]);

export function findingsOf(subject: Case): Findings {
  const answered = answeredEvents(subject.sent, subject.evidence);
  const promised = subject.plan.events.filter(({ index }) => answered.has(index));
  const turnedAway = turnedAwayOf([...answered.values()], subject.evidence);
  const taken = [...answered.values()].filter((one) => one.eventId !== "" && !turnedAway.includes(one));
  const accepted = withRepeats(new Map(taken.map((one) => [one.eventId, one])), subject.evidence);
  const routed = [...accepted.values()].filter(({ isRepeat }) => !isRepeat);
  const due = routed.filter(({ planned }) => decidedTiers.has(planned.tier));
  return { ...subject, promised, accepted, routed, due, turnedAway };
}

/** By the planned event's index. One that was never told its id has the one that it is recorded under, if it is. */
function answeredEvents(sent: readonly SentWebhook[], { facts }: Evidence): Map<number, Accepted> {
  const recorded = facts.map(({ eventId }) => eventId);
  const answered = new Map<number, Accepted>();
  for (const { status, eventId, deliveryId, planned, headers, sha256 } of sent) {
    if (status !== 200 || planned.event === undefined) continue;
    const known = answered.get(planned.event.index);
    const own = `${planned.provider}:${deliveryId}`;
    answered.set(planned.event.index, {
      eventId: known?.eventId || (eventId ?? recorded.find((id) => isIdOf(own, id)) ?? ""),
      planned: planned.event,
      isRepeat: false,
      posts: [...(known?.posts ?? []), { headers, sha256 }],
    });
  }
  return answered;
}

/** Whether an id of ours is made from the provider's own. Shopify's is about several topics, so that the topic follows. */
export function isIdOf(own: string, eventId: string): boolean {
  return eventId === own || eventId.startsWith(`${own}:`);
}

/** A queue gives no order: of two events under one id, the one whose bytes were kept has it. */
function turnedAwayOf(answered: readonly Accepted[], { raws }: Evidence): readonly Accepted[] {
  const kept = new Map(raws.map(({ eventId, sha256 }) => [eventId, sha256]));
  return answered.flatMap((second) => {
    const first = answered.find(({ planned }) => planned === second.planned.reuses);
    if (first === undefined) return [];
    return second.posts.some(({ sha256 }) => sha256 === kept.get(second.eventId)) ? [first] : [second];
  });
}

/** Nor does it for two ids of one fact: whichever came first holds the fact, and the other one repeats it. */
function withRepeats(accepted: ReadonlyMap<string, Accepted>, { facts }: Evidence): Map<string, Accepted> {
  const idOf = new Map([...accepted.values()].map(({ planned, eventId }) => [planned.index, eventId]));
  const result = new Map(accepted);
  for (const { planned, eventId: second } of accepted.values()) {
    const first = idOf.get(planned.sameFactAs?.index ?? Number.NaN);
    if (first === undefined) continue;
    const isFirstTheRepeat = facts.some(({ eventId, sameFactAs }) => eventId === first && sameFactAs === second);
    const repeat = accepted.get(isFirstTheRepeat ? first : second);
    if (repeat !== undefined) result.set(repeat.eventId, { ...repeat, isRepeat: true });
  }
  return result;
}
