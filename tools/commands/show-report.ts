/** Everything that is known of one event, put together from what was read. Holds no body, header, token or signature. */
import { workflowClaimKey } from "../../lambdas/shared/domain/claims.ts";
import {
  deriveTransactionState,
  type TransactionFact,
  type TransactionState,
} from "../../lambdas/shared/domain/transaction-state.ts";
import type { PipelineReader } from "../aws/pipeline-reader.ts";
import type { ClaimRecord, DecisionRecord, EntryRecord, FactRecord, RawRecord, ReviewRecord } from "../aws/records.ts";
import type { UndecidedEvent } from "../aws/undecided-events.ts";

export interface EventReport {
  readonly eventId: string;
  /** The deduplication's record. */
  readonly event: ClaimRecord | undefined;
  /** The state machine's record; only for the tiers medium and high. */
  readonly workflow: ClaimRecord | undefined;
  readonly review: Omit<ReviewRecord, "taskToken"> | undefined;
  readonly fact: FactRecord | undefined;
  readonly raw: RawRecord | undefined;
  readonly decision: DecisionRecord | undefined;
  /** As sweeps have found it; undefined where none has. */
  readonly undecided: UndecidedEvent | undefined;
  readonly transaction: TransactionReport | undefined;
}

export interface TransactionReport {
  readonly transactionId: string;
  readonly state: TransactionState;
  /** All facts of the transaction, by time. */
  readonly facts: readonly FactRecord[];
}

/**
 * Undefined when nothing is known of the event.
 * @param told its transaction, where somebody knows: sealed facts leave the index by which it is found
 */
export async function reportOf(
  eventId: string,
  reader: PipelineReader,
  told?: string,
): Promise<EventReport | undefined> {
  const [event, workflow, found, undecided] = await Promise.all([
    reader.claim(eventId),
    reader.claim(workflowClaimKey(eventId)),
    reader.review(eventId),
    reader.undecided(eventId),
  ]);
  if ([event, workflow, found, undecided].every((known) => known === undefined)) return undefined;
  const review = found === undefined ? undefined : withoutToken(found);
  const transactionId =
    told ??
    review?.transactionId ??
    undecided?.transactionId ??
    (event && (await reader.transactionIdOf(eventId, event)));
  const entries = transactionId === undefined ? [] : await reader.entries(transactionId);
  const own = entries.filter((entry) => entry.kind !== "version" && entry.eventId === eventId);
  return {
    eventId,
    event,
    workflow,
    review,
    fact: own.find((entry) => entry.kind === "fact"),
    raw: own.find((entry) => entry.kind === "raw"),
    decision: own.find((entry) => entry.kind === "decision"),
    undecided,
    transaction: transactionId === undefined ? undefined : transactionReport(transactionId, entries),
  };
}

function transactionReport(transactionId: string, entries: readonly EntryRecord[]): TransactionReport {
  const facts = entries.filter((entry) => entry.kind === "fact");
  return { transactionId, state: deriveTransactionState(facts.map(stateFact)), facts };
}

function stateFact(fact: FactRecord): TransactionFact {
  const { eventId, type, occurredAt, amountMinor, currency, amountProblem, sameFactAs } = fact;
  return {
    eventId,
    type,
    occurredAt,
    ...(amountMinor === undefined ? {} : { amountMinor }),
    ...(currency === undefined ? {} : { currency }),
    ...(amountProblem === undefined ? {} : { amountProblem }),
    ...(sameFactAs === undefined ? {} : { sameFactAs }),
  };
}

function withoutToken({ taskToken: _, ...review }: ReviewRecord): Omit<ReviewRecord, "taskToken"> {
  return review;
}
