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
    async recordVersion({ transactionId, type, objectVersion, eventId }) {
      create(versions, `${transactionId} ${entryKeys.version(type, objectVersion)}`, eventId);
      return versions.get(`${transactionId} ${entryKeys.version(type, objectVersion)}`) ?? eventId;
    },
    async recordFact(fact) {
      const { transactionId, occurredAt, eventId } = fact.event;
      create(facts, `${transactionId} ${entryKeys.fact(occurredAt, eventId)}`, fact);
    },
    async recordRaw(entry) {
      create(raws, `${entry.transactionId} ${entryKeys.raw(entry.occurredAt, entry.eventId)}`, entry);
    },
    async recordDecision(entry) {
      create(decisions, `${entry.transactionId} ${entryKeys.decision(entry.occurredAt, entry.score.eventId)}`, entry);
    },
  };
}

function create<T>(entries: Map<string, T>, key: string, value: T): void {
  if (!entries.has(key)) entries.set(key, value);
}
