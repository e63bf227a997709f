import type { FraudScore, PaymentEvent } from "../../config/events.ts";
import { limits } from "../../config/limits.ts";
import type { Scorecard } from "../../config/scorecard.ts";
import {
  type FraudCounterStore,
  type ScoreCommit,
  type StoredHistory,
  subjectKeysOf,
} from "../shared/domain/fraud-counters.ts";
import { isPayment, scoreOf } from "../shared/domain/scorecard.ts";
import { withPayment } from "../shared/domain/subject-history.ts";

export interface AssessmentPorts {
  readonly counters: Pick<FraudCounterStore, "read">;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** What an event's score is, and what it takes to make it count. */
export type Assessment =
  | { readonly kind: "scored-before"; readonly score: FraudScore }
  /** Holds if the commit succeeds: nothing has changed then since the histories were read. */
  | { readonly kind: "new"; readonly score: FraudScore; readonly commit: ScoreCommit };

const daySeconds = 24 * 60 * 60;

/** Compares an event with the histories of its subjects. Writes nothing. */
export function createAssessment({ counters, now }: AssessmentPorts, scorecard: Scorecard) {
  return async function assess(event: PaymentEvent): Promise<Assessment> {
    const nowMs = now();
    const keys = comparedSubjectKeys(event, scorecard);
    const read = { eventIds: [event.eventId], subjectKeys: Object.values(keys) };
    const { scores, histories } = await counters.read(read, nowMs);
    const earlier = scores.get(event.eventId);
    if (earlier !== undefined) return { kind: "scored-before", score: earlier };
    const subjects = Object.entries(keys).map(([subject, subjectKey]) => {
      const { version, history } = storedIn(histories, subjectKey);
      return { subject, subjectKey, version, history };
    });
    const before = Object.fromEntries(subjects.map(({ subject, history }) => [subject, history]));
    const score = scoreOf(event, before, scorecard, nowMs);
    const commit = {
      score,
      histories: subjects.map(({ subjectKey, version, history }) => ({
        subjectKey,
        from: version,
        history: withPayment(history, event, nowMs),
      })),
      scoreExpiresAt: Math.floor(nowMs / 1000) + limits.dedupWindowDays * daySeconds,
      historyExpiresAt: Math.floor(nowMs / 1000) + scorecard.historyDays * daySeconds,
    };
    return { kind: "new", score, commit };
  };
}

/** Keys of the subjects that an event is compared with and counted for: none where it isn't a payment. */
export function comparedSubjectKeys(event: PaymentEvent, scorecard: Scorecard): ReturnType<typeof subjectKeysOf> {
  return isPayment(event, scorecard) ? subjectKeysOf(event) : {};
}

function storedIn(histories: ReadonlyMap<string, StoredHistory>, subjectKey: string): StoredHistory {
  const stored = histories.get(subjectKey);
  if (stored === undefined) throw new Error("The store did not answer for a subject it was asked for");
  return stored;
}
