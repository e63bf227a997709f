/**
 * Scores an event and records the decision. With a new score, decision and histories are written in one transaction, so
 * that none of them exists without the others. What an earlier delivery, a crash or a state machine may have left:
 *
 * - neither score nor decision: both are written now;
 * - the score alone, given to a state machine: the decision follows from it, whoever records it first;
 * - both: recording the decision again changes nothing;
 * - the decision alone, its score being forgotten after the dedup window: the event was counted, and isn't again.
 */
import type { FraudScore, PaymentEvent } from "../../config/events.ts";
import type { Scorecard } from "../../config/scorecard.ts";
import type { DecisionEntry, TransactionStore } from "../shared/domain/ledger.ts";
import type { TierOf } from "../shared/domain/routing.ts";
import { createAssessment } from "./assessment.ts";
import { untilUnchanged } from "./attempts.ts";
import type { ScoringPorts } from "./score-event.ts";

export interface DecidingPorts extends ScoringPorts {
  readonly transactions: Pick<TransactionStore, "recordDecision">;
  readonly tierOf: TierOf;
}

/**
 * Answers with the decision, or `decided-before` where somebody else was faster to write it, just now or long ago.
 *
 * @throws RetryableError when a store can't answer now, or others won every race for the event's subjects.
 */
export function createDeciding(ports: DecidingPorts, scorecard: Scorecard) {
  const { counters, transactions, now, tierOf } = ports;
  const assess = createAssessment(ports, scorecard);

  return async function decideEvent(event: PaymentEvent): Promise<FraudScore["decision"] | "decided-before"> {
    return untilUnchanged(ports, async () => {
      const assessment = await assess(event);
      const decision = decisionOn(event, assessment.score);
      if (assessment.kind === "scored-before") {
        await transactions.recordDecision(decision);
        return decision.decision;
      }
      const result = await counters.commit({ ...assessment.commit, decision });
      if (result === "changed") return undefined;
      if (result === "decided") return "decided-before";
      ports.onScored?.(event, assessment.score);
      return decision.decision;
    });
  };

  function decisionOn(event: PaymentEvent, score: FraudScore): DecisionEntry {
    return {
      transactionId: event.transactionId,
      occurredAt: event.occurredAt,
      tier: tierOf(event),
      score,
      decision: score.decision,
      decidedAt: new Date(now()).toISOString(),
      decidedBy: "fraud-detector",
    };
  }
}
