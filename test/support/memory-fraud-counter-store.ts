import type { FraudScore } from "../../config/events.ts";
import type { FraudCounterStore, StoredHistory } from "../../lambdas/shared/domain/fraud-counters.ts";
import { emptyHistory } from "../../lambdas/shared/domain/subject-history.ts";

export interface MemoryFraudCounterStore extends FraudCounterStore {
  readonly scores: ReadonlyMap<string, FraudScore>;
  readonly histories: ReadonlyMap<string, StoredHistory>;
}

/** Counters in memory, with the transaction's conditions of the real store. */
export function createMemoryFraudCounterStore(): MemoryFraudCounterStore {
  const scores = new Map<string, FraudScore>();
  const stored = new Map<string, StoredHistory & { readonly expiresAt: number }>();
  return {
    scores,
    histories: stored,
    async read(eventId, subjectKeys, nowMs) {
      const score = scores.get(eventId);
      const histories = new Map(
        subjectKeys.map((key): [string, StoredHistory] => {
          const { version, history, expiresAt } = stored.get(key) ?? {
            version: 0,
            history: emptyHistory,
            expiresAt: 0,
          };
          return [key, { version, history: expiresAt <= Math.floor(nowMs / 1000) ? emptyHistory : history }];
        }),
      );
      return score === undefined ? { histories } : { score, histories };
    },
    async commit({ score, histories, historyExpiresAt }) {
      const isUnchanged = histories.every(({ subjectKey, from }) => (stored.get(subjectKey)?.version ?? 0) === from);
      if (scores.has(score.eventId) || !isUnchanged) return "changed";
      scores.set(score.eventId, score);
      for (const { subjectKey, from, history } of histories) {
        stored.set(subjectKey, { version: from + 1, history, expiresAt: historyExpiresAt });
      }
      return "committed";
    },
  };
}
