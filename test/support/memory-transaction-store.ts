import {
  type DecisionEntry,
  entryKeys,
  type Fact,
  type RawEntry,
  type TransactionStore,
} from "../../lambdas/shared/domain/ledger.ts";

export interface MemoryTransactionStore extends TransactionStore {
  readonly facts: () => readonly Fact[];
  readonly raws: () => readonly RawEntry[];
  readonly decisions: () => readonly DecisionEntry[];
  /** Whether there is a decision where this one would go. */
  readonly hasDecision: (entry: DecisionEntry) => boolean;
}

/** The ledger in memory: create-only, as the table is. */
export function createMemoryTransactionStore(): MemoryTransactionStore {
  const facts = new Map<string, Fact>();
  const raws = new Map<string, RawEntry>();
  const versions = new Map<string, string>();
  const decisions = new Map<string, DecisionEntry>();
  return {
    facts: () => [...facts.values()],
    raws: () => [...raws.values()],
    decisions: () => [...decisions.values()],
    hasDecision: (entry) => decisions.has(decisionKey(entry)),
    async recordVersion({ transactionId, providerType, objectVersion, eventId }) {
      create(versions, `${transactionId} ${entryKeys.version(providerType, objectVersion)}`, eventId);
      return versions.get(`${transactionId} ${entryKeys.version(providerType, objectVersion)}`) ?? eventId;
    },
    async recordFact(fact) {
      const { transactionId, occurredAt, eventId } = fact.event;
      create(facts, `${transactionId} ${entryKeys.fact(occurredAt, eventId)}`, fact);
    },
    async recordRaw(entry) {
      create(raws, `${entry.transactionId} ${entryKeys.raw(entry.occurredAt, entry.eventId)}`, entry);
    },
    async recordDecision(entry) {
      create(decisions, decisionKey(entry), entry);
    },
  };
}

function decisionKey({ transactionId, occurredAt, score }: DecisionEntry): string {
  return `${transactionId} ${entryKeys.decision(occurredAt, score.eventId)}`;
}

function create<T>(entries: Map<string, T>, key: string, value: T): void {
  if (!entries.has(key)) entries.set(key, value);
}
