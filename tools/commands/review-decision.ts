/**
 * Decides a review by a person's word. Step Functions takes exactly one answer per task token, so of two people who
 * answer at once one wins; the ledger says who it was.
 */
import { workflowClaimKey } from "../../lambdas/shared/domain/claims.ts";
import type { PipelineReader } from "../aws/pipeline-reader.ts";
import type { ClaimRecord, DecisionRecord, ReviewRecord } from "../aws/records.ts";
import type { ReviewAnswer } from "./review-answer.ts";

export interface ReviewPorts {
  readonly reader: Pick<PipelineReader, "review" | "claim" | "decision">;
  /** Hands the answer to the execution. `not-waiting`: the token was answered already, or has expired. */
  send(taskToken: string, answer: ReviewAnswer): Promise<"accepted" | "not-waiting">;
  /** Epoch milliseconds. */
  now(): number;
  sleep(milliseconds: number): Promise<unknown>;
}

/** Whether a review can be answered now. */
export type ReviewState =
  | { readonly kind: "open"; readonly review: ReviewRecord; readonly taskToken: string }
  /** Closed, or about to be: the decision may not be in the ledger yet. */
  | { readonly kind: "closed"; readonly decision: DecisionRecord | undefined }
  /** The event is known, but nobody is asked about it (yet). */
  | {
      readonly kind: "not-under-review";
      readonly event: ClaimRecord | undefined;
      readonly workflow: ClaimRecord | undefined;
    }
  | { readonly kind: "unknown-event" };

export type AnswerOutcome =
  /** This answer is in the ledger. */
  | { readonly kind: "recorded"; readonly decision: DecisionRecord }
  /** Taken, and by wish not waited for. */
  | { readonly kind: "accepted" }
  /** Taken, but not in the ledger within the time. */
  | { readonly kind: "accepted-unrecorded" }
  /** Somebody else's decision is in the ledger. */
  | { readonly kind: "beaten"; readonly decision: DecisionRecord }
  /** Nobody had answered in time, so the review is open again under a fresh token. */
  | { readonly kind: "escalated"; readonly escalations: number }
  /** The execution doesn't wait any more, and nothing says why. */
  | { readonly kind: "not-waiting" };

export async function reviewState(eventId: string, { reader }: Pick<ReviewPorts, "reader">): Promise<ReviewState> {
  const review = await reader.review(eventId);
  if (review === undefined) {
    const [event, workflow] = await Promise.all([reader.claim(eventId), reader.claim(workflowClaimKey(eventId))]);
    const isKnown = event !== undefined || workflow !== undefined;
    return isKnown ? { kind: "not-under-review", event, workflow } : { kind: "unknown-event" };
  }
  const { reviewStatus, taskToken } = review;
  const decision = await reader.decision(review.transactionId, eventId);
  const isOpen = reviewStatus === "OPEN" && taskToken !== undefined && decision === undefined;
  return isOpen ? { kind: "open", review, taskToken } : { kind: "closed", decision };
}

const pollMs = 150;
/** A decision that beat ours is being recorded while we ask; an escalation opens the review again within seconds. */
const explanationMs = 8_000;

/**
 * Sends the answer and looks for it in the ledger.
 * @param waitMs how long to look for it; 0 doesn't look
 */
export async function answerReview(
  { review, taskToken }: Extract<ReviewState, { readonly kind: "open" }>,
  answer: ReviewAnswer,
  waitMs: number,
  ports: ReviewPorts,
): Promise<AnswerOutcome> {
  const { eventId, transactionId } = review;
  const sent = await ports.send(taskToken, answer);
  if (sent === "accepted" && waitMs === 0) return { kind: "accepted" };
  const deadlineMs = ports.now() + (sent === "accepted" ? waitMs : explanationMs);
  do {
    const decision = await ports.reader.decision(transactionId, eventId);
    // Also after `not-waiting`: the SDK repeats a call whose answer got lost, and the repetition finds the token used.
    if (decision !== undefined)
      return isOurs(decision, answer) ? { kind: "recorded", decision } : { kind: "beaten", decision };
    const current = sent === "accepted" ? undefined : await ports.reader.review(eventId);
    if (current?.taskToken !== undefined && current.taskToken !== taskToken) {
      return { kind: "escalated", escalations: current.escalations };
    }
    await ports.sleep(pollMs);
  } while (ports.now() < deadlineMs);
  return { kind: sent === "accepted" ? "accepted-unrecorded" : "not-waiting" };
}

function isOurs({ decision, decidedBy, decidedAt, why }: DecisionRecord, answer: ReviewAnswer): boolean {
  return decision === answer.decision && decidedBy === answer.by && decidedAt === answer.at && why === answer.why;
}
