/** The low tier: scores the events of a batch and records the decisions itself, since no workflow does. */
import type { FraudScore, PaymentEvent } from "../../config/events.ts";
import { subjectKeysOf } from "../shared/domain/fraud-counters.ts";
import type { TransactionStore } from "../shared/domain/ledger.ts";
import { type Delivery, outcomeOfError, type RecordOutcome } from "../shared/domain/outcomes.ts";
import { tierOf } from "../shared/domain/routing.ts";
import { createTurns } from "./turns.ts";

export interface BatchDecisionPorts {
  readonly scoreEvent: (event: PaymentEvent) => Promise<FraudScore>;
  readonly transactions: Pick<TransactionStore, "recordDecision">;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Outcomes by message id. Events are scored in parallel, those of one subject one after the other: in parallel they
 * would only win races against each other.
 */
export function createBatchDecision({ scoreEvent, transactions, now }: BatchDecisionPorts) {
  return async function decideBatch(
    deliveries: readonly Delivery<PaymentEvent>[],
  ): Promise<ReadonlyMap<string, RecordOutcome>> {
    const inTurn = createTurns();
    const outcomes = deliveries.map(async ({ messageId, message: event }) => {
      const keys = [event.eventId, ...Object.values(subjectKeysOf(event))];
      return [messageId, await decided(event, () => inTurn(keys, () => scoreEvent(event)))] as const;
    });
    return new Map(await Promise.all(outcomes));
  };

  async function decided(event: PaymentEvent, scoreInTurn: () => Promise<FraudScore>): Promise<RecordOutcome> {
    try {
      const score = await scoreInTurn();
      await transactions.recordDecision({
        transactionId: event.transactionId,
        occurredAt: event.occurredAt,
        tier: tierOf(event),
        score,
        decision: score.decision,
        decidedAt: new Date(now()).toISOString(),
        decidedBy: "fraud-detector",
      });
      return { kind: "done", outcome: score.decision };
    } catch (error) {
      return outcomeOfError(error);
    }
  }
}
