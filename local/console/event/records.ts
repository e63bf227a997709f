/** What the tables say of an event, as points of its timeline. */
import type { EventReport, Moment } from "../answers.ts";

export function recordsOf({ event, fact, decision, review, workflow, transaction }: EventReport): readonly Moment[] {
  const moments: (Moment | undefined)[] = [
    fact && {
      ...at(fact.occurredAt),
      where: fact.provider,
      text: `says that it happened: ${fact.providerType}`,
      fields: { type: fact.type, transactionId: fact.transactionId },
    },
    event?.processingStartedAt === undefined
      ? undefined
      : { ...at(event.processingStartedAt), where: "processed-webhooks", text: "claimed", fields: {} },
    event?.processingCompletedAt === undefined
      ? undefined
      : {
          ...at(event.processingCompletedAt),
          where: "processed-webhooks",
          text: event.result ?? "completed",
          word: event.status,
          fields: { retryCount: event.retryCount, ...(event.error !== undefined && { error: event.error }) },
        },
    review && {
      ...at(review.openedAt),
      where: "processed-webhooks",
      text: "a review was opened",
      fields: { score: review.score, escalations: review.escalations },
    },
    decision && {
      ...at(decision.decidedAt),
      where: "transactions",
      text: `decided by ${decision.decidedBy}`,
      word: decision.decision,
      fields: { score: decision.score, modelVersion: decision.modelVersion, why: decision.why },
    },
    workflow?.processingCompletedAt === undefined
      ? undefined
      : {
          ...at(workflow.processingCompletedAt),
          where: "processed-webhooks",
          text: `workflow: ${workflow.result ?? "ended"}`,
          word: workflow.status,
          fields: {},
        },
    ...(transaction?.facts ?? [])
      .filter((other) => other.eventId !== fact?.eventId)
      .map((other) => ({
        ...at(other.receivedAt),
        where: "transactions",
        text: `another event of the transaction: ${other.type}`,
        fields: { eventId: other.eventId },
      })),
  ];
  return moments.filter((moment) => moment !== undefined);
}

function at(iso: string): Pick<Moment, "at" | "kind"> {
  return { at: iso, kind: "record" };
}
