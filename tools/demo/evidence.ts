/** The outcome as the AWS SDK reads it back: tables, queues, executions, logs. Nothing here judges it. */
import type { FraudScore } from "../../config/events.ts";
import type { Names } from "../../config/names.ts";
import type { DemoClients } from "./clients.ts";
import { logged } from "./logs.ts";
import { expressExecutions, standardExecutions } from "./read-executions.ts";
import { eventIn, queuedMessages } from "./read-queues.ts";
import { claimIn, decisionIn, factIn, historyIn, rawIn, scan, scoreIn } from "./read-tables.ts";

export interface Evidence {
  readonly facts: readonly FactSeen[];
  readonly raws: readonly RawSeen[];
  readonly decisions: readonly DecisionSeen[];
  /** Key in `processed-webhooks` → status. */
  readonly claims: ReadonlyMap<string, string>;
  /** Each subject's history by its key, `customer#…` or `card#…`: its numbers by their place, `slots.1h.5984160`. */
  readonly histories: ReadonlyMap<string, ReadonlyMap<string, bigint>>;
  /** The scores that the fraud detector remembers. */
  readonly scores: readonly FraudScore[];
  /** Every queue's name → the messages on it. */
  readonly queues: ReadonlyMap<string, readonly MessageSeen[]>;
  /** Messages that are in flight, and so can't be read: queue → how many. Queues without any are left out. */
  readonly unreadable: ReadonlyMap<string, number>;
  /** Events as alerts and the low tier's log told of them, repeats included. */
  readonly alerts: readonly EventSeen[];
  readonly lowTierLog: readonly EventSeen[];
  /** Texts of the alerts of reconciliations. */
  readonly reconciliationAlerts: readonly string[];
  readonly reviews: readonly ExecutionSeen[];
  readonly workflows: readonly ExecutionSeen[];
}

/** An event as far as some place tells of it; a name that is missing there is empty. */
export interface EventSeen {
  readonly eventId: string;
  readonly amountMinor?: string;
  readonly currency?: string;
}

export interface ExecutionSeen extends EventSeen {
  readonly status: string;
}

export interface MessageSeen {
  readonly event: EventSeen;
  readonly body: string;
  /** Why it is a dead letter, where a function has sent it. */
  readonly reason?: string;
}

export interface FactSeen extends EventSeen {
  readonly transactionId: string;
  readonly type: string;
  readonly tier: string;
  readonly occurredAt: string;
  readonly sameFactAs?: string;
  readonly amountProblem?: string;
  /** How it came in. */
  readonly source?: string;
}

export interface RawSeen {
  readonly eventId: string;
  readonly receivedAt: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The webhook's body. */
  readonly bytes: Uint8Array;
  /** Of the bytes themselves, not the hash that stands beside them. */
  readonly sha256: string;
  readonly isInline: boolean;
}

export interface DecisionSeen {
  readonly eventId: string;
  readonly decision: string;
  readonly decidedBy: string;
  readonly score: number;
  readonly reasons: FraudScore["reasons"];
  readonly modelVersion: string;
}

/** @param probes the queues that listen to the alerts */
export async function gatherEvidence(
  clients: DemoClients,
  names: Names,
  probes: { readonly payments: string; readonly reconciliation: string },
): Promise<Evidence> {
  const entries = await scan(clients, names.tables.transactions);
  const counters = await scan(clients, names.tables.fraudCounters);
  const claims = await scan(clients, names.tables.processedWebhooks);
  const { queues, unreadable } = await queuedMessages(clients);
  const ofKind = (kind: string) => entries.filter((entry) => entry.kind === kind);
  const isScore = ({ counterKey }: (typeof counters)[number]) => String(counterKey).startsWith("scored#");
  const expressLog = `/aws/vendedlogs/states/${names.stateMachines.transactionWorkflow}`;
  return {
    facts: ofKind("fact").map(factIn),
    raws: await Promise.all(ofKind("raw").map((entry) => rawIn(clients, entry))),
    decisions: ofKind("decision").map(decisionIn),
    claims: new Map(claims.map(claimIn)),
    histories: new Map(counters.filter((item) => !isScore(item)).map(historyIn)),
    scores: counters.filter(isScore).map(scoreIn),
    queues,
    unreadable,
    alerts: (queues.get(probes.payments) ?? []).map(({ event }) => event),
    reconciliationAlerts: (queues.get(probes.reconciliation) ?? []).map(({ body }) => body),
    lowTierLog: (await logged(clients, names.logGroup("/aws/events/low-value"))).map(eventIn),
    reviews: await standardExecutions(clients, names.stateMachines.highValueReview),
    workflows: expressExecutions(await logged(clients, expressLog)),
  };
}

/** What is told of some events, by their ids, and what of all others. */
export function splitEvidence(
  evidence: Evidence,
  ids: ReadonlySet<string>,
): { readonly some: Evidence; readonly others: Evidence } {
  return {
    some: evidenceOf(evidence, (eventId) => ids.has(eventId)),
    others: evidenceOf(evidence, (eventId) => !ids.has(eventId)),
  };
}

/** Histories, what can't be read and what runs tell are nobody's in particular: they stay. */
function evidenceOf(evidence: Evidence, isOne: (eventId: string) => boolean): Evidence {
  const only = <T extends { readonly eventId: string }>(list: readonly T[]) =>
    list.filter(({ eventId }) => isOne(eventId));
  const queues = [...evidence.queues].map(
    ([name, messages]) => [name, messages.filter(({ event }) => isOne(event.eventId))] as const,
  );
  return {
    ...evidence,
    facts: only(evidence.facts),
    raws: only(evidence.raws),
    decisions: only(evidence.decisions),
    claims: new Map([...evidence.claims].filter(([key]) => isOne(key.replace(/^[a-z]+#/, "")))),
    scores: only(evidence.scores),
    queues: new Map(queues),
    alerts: only(evidence.alerts),
    lowTierLog: only(evidence.lowTierLog),
    reviews: only(evidence.reviews),
    workflows: only(evidence.workflows),
  };
}
