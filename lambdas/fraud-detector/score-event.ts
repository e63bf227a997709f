/**
 * Scores an event once. The score is written in one transaction with the histories that it was computed from, each at
 * the version that was read: so an event counts once however often it is scored (WEBHOOK_RULES 14), any two executions
 * get the same decision, and every payment is compared with exactly those that were counted before it.
 */
import type { FraudScore, PaymentEvent } from "../../config/events.ts";
import { limits } from "../../config/limits.ts";
import type { Scorecard } from "../../config/scorecard.ts";
import { type FraudCounterStore, type StoredHistory, subjectKeysOf } from "../shared/domain/fraud-counters.ts";
import { RetryableError } from "../shared/domain/retryable-error.ts";
import { isPayment, scoreOf } from "../shared/domain/scorecard.ts";
import { withPayment } from "../shared/domain/subject-history.ts";

export interface ScoringPorts {
  readonly counters: FraudCounterStore;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Milliseconds. */
  readonly sleep: (ms: number) => Promise<void>;
  /** 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
}

/** Attempts against others who score the same subject; the waits between them add up to at most 1.3 s. */
const maxAttempts = 8;
const firstBackoffMs = 10;

const daySeconds = 24 * 60 * 60;

/** @throws RetryableError when the store can't answer now, or others won every race for the event's subjects. */
export function createScoring({ counters, now, sleep, random }: ScoringPorts, scorecard: Scorecard) {
  return async function scoreEvent(event: PaymentEvent): Promise<FraudScore> {
    for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
      if (attempt > 0) await sleep(random() * firstBackoffMs * 2 ** attempt);
      const score = await attemptToScore(event);
      if (score !== undefined) return score;
    }
    throw new RetryableError("subject-contended", "Other payments of the same subject were scored at the same time");
  };

  /** Undefined when something changed between reading and writing. */
  async function attemptToScore(event: PaymentEvent): Promise<FraudScore | undefined> {
    const nowMs = now();
    const keys = isPayment(event, scorecard) ? subjectKeysOf(event) : {};
    const { score: earlier, histories } = await counters.read(event.eventId, Object.values(keys), nowMs);
    if (earlier !== undefined) return earlier;
    const subjects = Object.entries(keys).map(([subject, subjectKey]) => {
      const { version, history } = storedIn(histories, subjectKey);
      return { subject, subjectKey, version, history };
    });
    const before = Object.fromEntries(subjects.map(({ subject, history }) => [subject, history]));
    const score = scoreOf(event, before, scorecard);
    const result = await counters.commit({
      score,
      histories: subjects.map(({ subjectKey, version, history }) => ({
        subjectKey,
        from: version,
        history: withPayment(history, event, nowMs),
      })),
      nowMs,
      scoreExpiresAt: Math.floor(nowMs / 1000) + limits.dedupWindowDays * daySeconds,
      historyExpiresAt: Math.floor(nowMs / 1000) + scorecard.historyDays * daySeconds,
    });
    return result === "committed" ? score : undefined;
  }
}

function storedIn(histories: ReadonlyMap<string, StoredHistory>, subjectKey: string): StoredHistory {
  const stored = histories.get(subjectKey);
  if (stored === undefined) throw new Error("The store did not answer for a subject it was asked for");
  return stored;
}
