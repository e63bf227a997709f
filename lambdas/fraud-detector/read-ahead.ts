import type { FraudScore } from "../../config/events.ts";
import type { FraudCounterStore, FraudKeys, ScoreCommit, StoredHistory } from "../shared/domain/fraud-counters.ts";
import { PermanentError } from "../shared/domain/retryable-error.ts";

/**
 * The counters as the events of one batch see them: what they all need is read in one call, and then known from that
 * call and from their own commits. A commit that doesn't succeed, or whose end isn't known, makes its event and its
 * subjects unknown, so that they are read again. Being outdated does no harm, since every commit names the versions that
 * it was made from. Events that share a subject must take turns.
 *
 * @throws RetryableError when the store can't answer now.
 */
export async function readAhead(
  counters: FraudCounterStore,
  keys: FraudKeys,
  nowMs: number,
): Promise<FraudCounterStore> {
  const scores = new Map<string, FraudScore>();
  const unscored = new Set<string>();
  const histories = new Map<string, StoredHistory>();

  async function learn(asked: FraudKeys, atMs: number): Promise<void> {
    const read = await counters.read(asked, atMs);
    for (const eventId of asked.eventIds) unscored.add(eventId);
    for (const [eventId, score] of read.scores) scores.set(eventId, score);
    for (const [subjectKey, stored] of read.histories) histories.set(subjectKey, stored);
  }

  function isKnown({ eventIds, subjectKeys }: FraudKeys): boolean {
    const areEventsKnown = eventIds.every((eventId) => scores.has(eventId) || unscored.has(eventId));
    return areEventsKnown && subjectKeys.every((subjectKey) => histories.has(subjectKey));
  }

  function forget({ score, histories: outdated }: ScoreCommit): void {
    unscored.delete(score.eventId);
    for (const { subjectKey } of outdated) histories.delete(subjectKey);
  }

  function remember({ score, histories: written }: ScoreCommit): void {
    scores.set(score.eventId, score);
    for (const { subjectKey, from, history } of written) histories.set(subjectKey, { version: from + 1, history });
  }

  try {
    await learn(keys, nowMs);
  } catch (error) {
    // What is refused for what it contains may be refused for one event: each reads for itself then (WEBHOOK_RULES 16).
    if (!(error instanceof PermanentError)) throw error;
  }

  return {
    async read(asked, atMs) {
      if (!isKnown(asked)) await learn(asked, atMs);
      return { scores, histories };
    },
    async commit(commit) {
      forget(commit);
      const result = await counters.commit(commit);
      if (result === "committed") remember(commit);
      return result;
    },
  };
}
