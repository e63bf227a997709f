/** Compares what was planned with what is there. Pure: the plan, the answers and the evidence in, verdicts out. */
import { deriveTransactionState, type TransactionFact } from "../../lambdas/shared/domain/transaction-state.ts";
import type { Evidence } from "./evidence.ts";
import type { HopelessMessage } from "./hopeless.ts";
import type { Plan, PlannedEvent } from "./plan.ts";
import type { SentWebhook } from "./send.ts";

export interface Invariant {
  readonly name: string;
  readonly ok: boolean;
  /** What was counted, or what is wrong, with examples. */
  readonly detail: string;
}

export interface Case {
  readonly plan: Plan;
  readonly sent: readonly SentWebhook[];
  readonly evidence: Evidence;
  /** Event ids whose reviews the demo's reviewer has answered. */
  readonly reviewed: ReadonlySet<string>;
  readonly hopeless: readonly HopelessMessage[];
  /** Calls that a policy refused. */
  readonly deniedCalls: readonly string[];
  /** Grants that nobody needs, and reasons that hold no more; absent when the run was too short to tell. */
  readonly permissionProblems?: readonly string[];
}

export interface Judgement {
  readonly invariants: readonly Invariant[];
  /** Accepted events without a record, or without the decision that they are due. */
  readonly lost: number;
  /** Records, decisions and counts beyond one each. */
  readonly doubled: number;
}

interface Accepted {
  readonly eventId: string;
  readonly planned: PlannedEvent;
  /** It repeats another event's fact under this id: recorded, and nothing more. */
  readonly isRepeat: boolean;
  readonly sha256s: ReadonlySet<string>;
}

const decided = new Set(["high", "medium", "low"]);
const maxExamples = 3;

export function judge(subject: Case): Judgement {
  const { evidence } = subject;
  const accepted = acceptedEvents(subject.sent, evidence);
  const ids = new Set(accepted.keys());
  const routed = [...accepted.values()].filter(({ isRepeat }) => !isRepeat);
  const due = new Set(routed.filter(({ planned }) => decided.has(planned.tier)).map(({ eventId }) => eventId));
  const facts = evidence.facts.map(({ eventId }) => eventId);
  const decisions = evidence.decisions.map(({ eventId }) => eventId);
  const counted = countedOnce(routed, evidence);
  const lost = new Set([...missing(ids, facts), ...missing(due, decisions)]).size;
  const doubled =
    repeated(facts).length + repeated(evidence.raws.map(({ eventId }) => eventId)).length + repeated(decisions).length;
  return {
    lost,
    doubled: doubled + counted.surplus,
    invariants: [
      answers(subject),
      none(
        "nothing that was refused left a trace",
        [...facts, ...claimedEvents(evidence)].filter((eventId) => !ids.has(eventId)),
        `${facts.length} records and their claims, all of accepted webhooks`,
      ),
      none("every accepted event is recorded", missing(ids, facts), `${ids.size} events`),
      none("no event is recorded twice", repeated(facts), `${facts.length} records`),
      rawBytes(accepted, evidence),
      amounts(accepted, evidence),
      none("every accepted event is completed", incomplete(accepted, evidence), `${ids.size} claims closed`),
      none("every event went the way of its amount", wrongTier(accepted, evidence), tierCounts(routed)),
      none("every routed event has a decision", missing(due, decisions), `${due.size} decisions`),
      none("no event is decided twice", repeated(decisions), `${decisions.length} decisions`),
      none(
        "nothing else is decided",
        decisions.filter((eventId) => !due.has(eventId)),
        "no decision without a cause",
      ),
      counted.invariant,
      sameFacts(accepted, evidence),
      outOfOrder(subject, accepted),
      ...deliveries(routed, evidence),
      reviews(subject),
      hopelessEnds(subject),
      none("no message is left over", leftOver(evidence), `${evidence.queued.size} queues looked at`),
      none("no permission was missing", subject.deniedCalls, "no call was refused"),
      ...neededPermissions(subject),
    ],
  };
}

function acceptedEvents(sent: readonly SentWebhook[], { facts }: Evidence): Map<string, Accepted> {
  const accepted = new Map<string, Accepted>();
  const idOf = new Map<number, string>();
  for (const { status, eventId, planned, sha256 } of sent) {
    if (status !== 200 || eventId === undefined || planned.event === undefined) continue;
    const known = accepted.get(eventId)?.sha256s ?? [];
    idOf.set(planned.event.index, eventId);
    accepted.set(eventId, { eventId, planned: planned.event, isRepeat: false, sha256s: new Set([...known, sha256]) });
  }
  // A queue gives no order: whichever of two ids came first holds the fact, and the other one repeats it.
  for (const second of idOf.values()) {
    const first = idOf.get(accepted.get(second)?.planned.sameFactAs?.index ?? Number.NaN);
    if (first === undefined) continue;
    const isFirstTheRepeat = facts.some(({ eventId, sameFactAs }) => eventId === first && sameFactAs === second);
    const repeat = accepted.get(isFirstTheRepeat ? first : second);
    if (repeat !== undefined) accepted.set(repeat.eventId, { ...repeat, isRepeat: true });
  }
  return accepted;
}

/** Event ids of all claims: of the events themselves, of their workflows, of their reviews. */
function claimedEvents({ claims }: Evidence): string[] {
  return [...claims.keys()].map((key) => key.replace(/^(workflow|review)#/, ""));
}

/** Every booked amount is the one that was asked for, to the last minor unit. */
function amounts(accepted: ReadonlyMap<string, Accepted>, { facts }: Evidence): Invariant {
  const wrong = facts.flatMap(({ eventId, amountMinor, currency }) => {
    const money = accepted.get(eventId)?.planned.money;
    if (money === undefined || (money.amountMinor === amountMinor && money.currency === currency)) return [];
    return [`${eventId} is booked as ${amountMinor} ${currency} instead of ${money.amountMinor} ${money.currency}`];
  });
  const booked = [...accepted.values()].filter(({ planned }) => planned.money !== undefined);
  return none("every amount is exact", wrong, `${booked.length} amounts`);
}

function answers({ sent, plan }: Case): Invariant {
  const wrong = sent.filter(({ status, planned }) => status !== planned.status);
  const examples = wrong.map(
    ({ status, planned }) =>
      `${planned.provider} ${planned.spoiling ?? planned.order.type}: ${status} instead of ${planned.status}`,
  );
  const eventIds = new Map<number, Set<string>>();
  for (const { planned, eventId } of sent) {
    if (planned.event === undefined || eventId === undefined) continue;
    eventIds.set(planned.event.index, (eventIds.get(planned.event.index) ?? new Set()).add(eventId));
  }
  const ambiguous = [...eventIds]
    .filter(([, ids]) => ids.size !== 1)
    .map(([index]) => `planned event ${index} has several ids`);
  return none(
    "every webhook got the answer that it deserves",
    [...examples, ...ambiguous],
    `${plan.webhooks.length} answers`,
  );
}

function rawBytes(accepted: ReadonlyMap<string, Accepted>, { raws }: Evidence): Invariant {
  const wrong = raws.filter(({ eventId, sha256 }) => accepted.get(eventId)?.sha256s.has(sha256) !== true);
  const large = raws.filter(({ isInline }) => !isInline).length;
  const problems = [
    ...wrong.map(({ eventId }) => eventId),
    ...missing(
      new Set(accepted.keys()),
      raws.map(({ eventId }) => eventId),
    ),
    ...repeated(raws.map(({ eventId }) => eventId)),
  ];
  return none(
    "the exact bytes of every webhook are kept, once",
    problems,
    `${raws.length} bodies, ${large} of them by claim check`,
  );
}

function incomplete(accepted: ReadonlyMap<string, Accepted>, { claims }: Evidence): string[] {
  return [...accepted.values()].flatMap(({ eventId, isRepeat }) => {
    const expected = isRepeat ? "SKIPPED" : "COMPLETED";
    const status = claims.get(eventId);
    const workflow = claims.get(`workflow#${eventId}`);
    const problems = status === expected ? [] : [`${eventId} is ${status ?? "unknown"} instead of ${expected}`];
    if (workflow !== undefined && workflow !== "COMPLETED") problems.push(`workflow of ${eventId} is ${workflow}`);
    return problems;
  });
}

function wrongTier(accepted: ReadonlyMap<string, Accepted>, { facts }: Evidence): string[] {
  return facts.flatMap(({ eventId, tier }) => {
    const expected = accepted.get(eventId)?.planned.tier;
    return expected === undefined || expected === tier ? [] : [`${eventId} went ${tier} instead of ${expected}`];
  });
}

function tierCounts(routed: readonly Accepted[]): string {
  const counts = new Map<string, number>();
  for (const { planned } of routed) counts.set(planned.tier, (counts.get(planned.tier) ?? 0) + 1);
  return [...counts].map(([tier, count]) => `${tier} ${count}`).join(", ");
}

/** Counters: each payment of a known customer once, each decided event scored once. */
function countedOnce(
  routed: readonly Accepted[],
  evidence: Evidence,
): { readonly invariant: Invariant; readonly surplus: number } {
  const scored = routed.filter(({ planned }) => decided.has(planned.tier));
  const expected = new Map<string, number>();
  for (const { planned } of scored) {
    if (planned.customerId === undefined || planned.type !== "payment.succeeded") continue;
    const customer = `${planned.provider}#${planned.customerId}`;
    expected.set(customer, (expected.get(customer) ?? 0) + 1);
  }
  const customers = new Set([...expected.keys(), ...evidence.countedPayments.keys()]);
  const problems: string[] = [];
  let surplus = Math.max(0, evidence.scoredEvents - scored.length);
  for (const customer of customers) {
    const [wanted, counted] = [expected.get(customer) ?? 0, evidence.countedPayments.get(customer) ?? 0];
    if (wanted !== counted) problems.push(`${counted} payments counted for ${customer} instead of ${wanted}`);
    surplus += Math.max(0, counted - wanted);
  }
  if (evidence.scoredEvents !== scored.length) {
    problems.push(`${evidence.scoredEvents} events scored instead of ${scored.length}`);
  }
  const detail = `${customers.size} customers, ${scored.length} scores`;
  return { surplus, invariant: none("every payment is counted once", problems, detail) };
}

/** Of two ids for one fact, exactly one is recorded as the repeat of the other. */
function sameFacts(accepted: ReadonlyMap<string, Accepted>, { facts }: Evidence): Invariant {
  const idOf = new Map([...accepted.values()].map(({ planned, eventId }) => [planned.index, eventId]));
  const repeats = new Map(facts.map(({ eventId, sameFactAs }) => [eventId, sameFactAs]));
  const pairs = [...accepted.values()].flatMap(({ eventId, planned }) => {
    const other = planned.sameFactAs === undefined ? undefined : idOf.get(planned.sameFactAs.index);
    return other === undefined ? [] : [[eventId, other] as const];
  });
  const wrong = pairs.filter(([one, other]) => (repeats.get(one) === other) === (repeats.get(other) === one));
  return none(
    "one fact under two ids takes effect once",
    wrong.map(([one, other]) => `${one} and ${other}`),
    `${pairs.length} such facts`,
  );
}

function outOfOrder({ plan, sent, evidence }: Case, accepted: ReadonlyMap<string, Accepted>): Invariant {
  const idOf = new Map([...accepted.values()].map(({ planned, eventId }) => [planned.index, eventId]));
  const problems = plan.transactions.flatMap(({ events, status }) => {
    const ids = new Set(events.map(({ index }) => idOf.get(index)));
    const facts = evidence.facts.filter(({ eventId }) => ids.has(eventId));
    const state = deriveTransactionState(facts as unknown as TransactionFact[]);
    return state.status === status ? [] : [`${facts[0]?.transactionId} is ${state.status} instead of ${status}`];
  });
  return none(
    "late events never roll a state back",
    sent.length === 0 ? ["nothing was sent"] : problems,
    `${plan.transactions.length} refunds before their payments`,
  );
}

/** Each way of the bus has exactly its events. Repeats are allowed by at-least-once delivery. */
function deliveries(routed: readonly Accepted[], evidence: Evidence): Invariant[] {
  const of = (...tiers: string[]) =>
    new Set(routed.filter(({ planned }) => tiers.includes(planned.tier)).map(({ eventId }) => eventId));
  const succeeded = (executions: Evidence["reviews"]) =>
    executions.filter(({ status }) => status === "SUCCEEDED").map(({ eventId }) => eventId);
  const exactly = (name: string, expected: ReadonlySet<string>, actual: readonly string[]) =>
    none(
      name,
      [...missing(expected, actual), ...actual.filter((eventId) => !expected.has(eventId))],
      `${expected.size} events${actual.length > expected.size ? `, ${actual.length - expected.size} delivered again` : ""}`,
    );
  return [
    exactly("unroutable money waits on its queue", of("unroutable"), evidence.unroutable),
    exactly("the low tier is logged", of("low"), evidence.lowTierLog),
    exactly("medium events ran through transaction-workflow", of("medium"), succeeded(evidence.workflows)),
    exactly("high events ran through high-value-review", of("high"), succeeded(evidence.reviews)),
    exactly("people were alerted of medium and high events", of("medium", "high"), evidence.alerts),
  ];
}

function reviews({ evidence, reviewed }: Case): Invariant {
  const open = evidence.reviews
    .filter(({ status }) => status === "RUNNING")
    .map(({ eventId }) => `${eventId} still waits`);
  const byPerson = new Set(
    evidence.decisions.filter(({ decidedBy }) => decidedBy !== "fraud-detector").map(({ eventId }) => eventId),
  );
  const unrecorded = [...reviewed]
    .filter((eventId) => !byPerson.has(eventId))
    .map((eventId) => `${eventId}: the answer isn't recorded`);
  return none("every review was decided by a person", [...open, ...unrecorded], `${byPerson.size} reviews`);
}

/** What can never succeed is a dead letter on its own way's queue, and nothing else is one. */
function hopelessEnds({ hopeless, evidence }: Case): Invariant {
  const lettersOn = (queueName: string) => evidence.deadLetters.get(queueName) ?? [];
  const lost = hopeless.filter(({ queueName, token }) => !lettersOn(queueName).some((body) => body.includes(token)));
  const strangers = [...evidence.deadLetters].flatMap(([queueName, bodies]) => {
    const tokens = hopeless.filter((message) => message.queueName === queueName).map(({ token }) => token);
    return bodies
      .filter((body) => !tokens.some((token) => body.includes(token)))
      .map(() => `a message on ${queueName}`);
  });
  return none(
    "what can never succeed is a dead letter, and nothing else is",
    [...lost.map(({ queueName }) => `nothing on ${queueName}`), ...strangers],
    `${hopeless.length} messages`,
  );
}

function neededPermissions({ permissionProblems: problems }: Case): Invariant[] {
  if (problems === undefined) return [];
  return [
    none("every permission was used, or is listed with its reason", problems, "config/permissions.ts has the list"),
  ];
}

function leftOver({ queued, deadLetters }: Evidence): string[] {
  return [...queued]
    .filter(([name, count]) => count > 0 && !name.startsWith("unroutable-") && !name.startsWith("demo-"))
    .filter(([name]) => !deadLetters.has(name))
    .concat([...queued].filter(([name, count]) => count > 0 && name.startsWith("unroutable-to-")))
    .map(([name, count]) => `${count} on ${name}`);
}

function missing(expected: ReadonlySet<string>, actual: readonly string[]): string[] {
  const there = new Set(actual);
  return [...expected].filter((eventId) => !there.has(eventId));
}

function repeated(ids: readonly string[]): string[] {
  const seen = new Set<string>();
  return ids.filter((id) => seen.size === seen.add(id).size);
}

function none(name: string, problems: readonly string[], detail: string): Invariant {
  if (problems.length === 0) return { name, ok: true, detail };
  const more = problems.length > maxExamples ? ` … (${problems.length})` : "";
  return { name, ok: false, detail: `${problems.slice(0, maxExamples).join("; ")}${more}` };
}
