/**
 * Scores an event once. The score is written in one transaction with the histories that it was computed from, each at
 * the version that was read: so an event counts once however often it is scored (WEBHOOK_RULES 14), any two executions
 * get the same decision, and every payment is compared with exactly those that were counted before it.
 */
import type { FraudScore, PaymentEvent } from "../../config/events.ts";
import type { Scorecard } from "../../config/scorecard.ts";
import type { FraudCounterStore } from "../shared/domain/fraud-counters.ts";
import { type AssessmentPorts, createAssessment } from "./assessment.ts";
import { type AttemptPorts, untilUnchanged } from "./attempts.ts";

export interface ScoringPorts extends AssessmentPorts, AttemptPorts {
  readonly counters: FraudCounterStore;
  /** Told of each event that is scored, once: not of a score that was there before. */
  readonly onScored?: (event: PaymentEvent, score: FraudScore) => void;
}

/**
 * For the state machines, which record the decision themselves.
 *
 * @throws RetryableError when the store can't answer now, or others won every race for the event's subjects.
 */
export function createScoring(ports: ScoringPorts, scorecard: Scorecard) {
  const assess = createAssessment(ports, scorecard);

  return async function scoreEvent(event: PaymentEvent): Promise<FraudScore> {
    return untilUnchanged(ports, async () => {
      const assessment = await assess(event);
      if (assessment.kind === "scored-before") return assessment.score;
      const result = await ports.counters.commit(assessment.commit);
      if (result !== "committed") return undefined;
      ports.onScored?.(event, assessment.score);
      return assessment.score;
    });
  };
}
