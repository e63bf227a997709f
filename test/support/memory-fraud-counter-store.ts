import type { FraudScore } from "../../config/events.ts";
import type { FraudCounterStore, StoredHistory } from "../../lambdas/shared/domain/fraud-counters.ts";
import { emptyHistory } from "../../lambdas/shared/domain/subject-history.ts";
import { createMemoryTransactionStore, type MemoryTransactionStore } from "./memory-transaction-store.ts";

export interface MemoryFraudCounterStore extends FraudCounterStore {
  readonly scores: ReadonlyMap<string, FraudScore>;
  readonly histories: ReadonlyMap<string, StoredHistory>;
}

/** Counters in memory, with the transaction's conditions of the real store; decisions go into the ledger given. */
export function createMemoryFraudCounterStore(
  transactions: MemoryTransactionStore = createMemoryTransactionStore(),
): MemoryFraudCounterStore {
  const scores = new Map<string, FraudScore>();
  const stored = new Map<string, StoredHistory & { readonly expiresAt: number }>();
  return {
    scores,
    histories: stored,
    async read({ eventIds, subjectKeys }, nowMs) {
      const read = (key: string): StoredHistory => {
        const { version, history, expiresAt } = stored.get(key) ?? { version: 0, history: emptyHistory, expiresAt: 0 };
        return { version, history: expiresAt <= Math.floor(nowMs / 1000) ? emptyHistory : history };
      };
      const given = eventIds.flatMap((eventId) => scores.get(eventId) ?? []);
      return {
        scores: new Map(given.map((score) => [score.eventId, score])),
        histories: new Map(subjectKeys.map((key) => [key, read(key)])),
      };
    },
    async commit({ score, histories, decision, historyExpiresAt }) {
      if (decision !== undefined && transactions.hasDecision(decision)) return "decided";
      const isUnchanged = histories.every(({ subjectKey, from }) => (stored.get(subjectKey)?.version ?? 0) === from);
      if (scores.has(score.eventId) || !isUnchanged) return "changed";
      scores.set(score.eventId, score);
      for (const { subjectKey, from, history } of histories) {
        stored.set(subjectKey, { version: from + 1, history, expiresAt: historyExpiresAt });
      }
      if (decision !== undefined) await transactions.recordDecision(decision);
      return "committed";
    },
  };
}
