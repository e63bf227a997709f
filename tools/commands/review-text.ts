/** What is said of a review and of the attempt to decide it. */

import { timeText } from "../../lambdas/shared/report/time.ts";
import type { ClaimRecord, DecisionRecord } from "../aws/records.ts";
import type { Hint } from "./hint.ts";
import { type CommandResult, failed } from "./result.ts";
import type { ReviewAnswer } from "./review-answer.ts";
import type { AnswerOutcome, ReviewState } from "./review-decision.ts";
import { printable } from "./text/table.ts";

/** Why a review can't be answered. */
export function refusal(
  eventId: string,
  state: Exclude<ReviewState, { readonly kind: "open" }>,
  hint: Hint,
): CommandResult {
  switch (state.kind) {
    case "unknown-event":
      return failed(`There is no event ${printable(eventId)}. List what waits for a person with: ${hint("reviews")}`);
    case "not-under-review":
      return failed(`${printable(eventId)} is not under review: ${whereItIs(state.event, state.workflow)}`);
    case "closed":
      return failed(
        state.decision === undefined
          ? `The review of ${printable(eventId)} is closed, but its decision isn't recorded yet. Look again in a moment with: ${hint("show", eventId)}`
          : `${printable(eventId)} was decided already: ${decisionText(state.decision)}`,
      );
  }
}

function whereItIs(event: ClaimRecord | undefined, workflow: ClaimRecord | undefined): string {
  if (workflow?.status === "COMPLETED") return `it was decided without one (${workflow.result ?? "no result"}).`;
  if (workflow?.status === "FAILED") return "its workflow failed; its event is in the queue workflow-failed.";
  if (workflow !== undefined) return "its workflow is still at work. Try again in a moment.";
  if (event?.status === "COMPLETED") return `it was ${event.result ?? "completed"}.`;
  if (event?.status === "SKIPPED") return `it was skipped (${event.result ?? "no result"}).`;
  return `it is still being taken in (${event?.status ?? "unknown"}). Try again in a moment.`;
}

/** How an answer ended. */
export function outcomeOf(eventId: string, answer: ReviewAnswer, outcome: AnswerOutcome, hint: Hint): CommandResult {
  const id = printable(eventId);
  switch (outcome.kind) {
    case "recorded":
      return {
        kind: "done",
        text: `${id}: ${decisionText(outcome.decision)}`,
        json: { recorded: true, ...outcome.decision },
      };
    case "accepted":
      return {
        kind: "done",
        text: `${id}: ${answer.decision} was accepted and is being recorded. See it with: ${hint("show", eventId)}`,
        json: {
          recorded: false,
          eventId,
          decision: answer.decision,
          decidedBy: answer.by,
          decidedAt: answer.at,
          why: answer.why,
        },
      };
    case "accepted-unrecorded":
      return failed(
        `${answer.decision} of ${id} was accepted, but isn't recorded yet. Look again with: ${hint("show", eventId)}`,
      );
    case "beaten":
      return failed(
        `Somebody was faster, and your answer was not taken: ${id} was decided, ${decisionText(outcome.decision)}`,
      );
    case "escalated":
      return failed(
        `Your answer came after its time-out and was not taken: ${id} has escalated (${outcome.escalations}×) and is open again. Run the same command once more.`,
      );
    case "not-waiting":
      return failed(
        `Your answer was not taken: the workflow of ${id} doesn't wait for one any more. See why with: ${hint("show", eventId)}`,
      );
  }
}

/** "APPROVE by ada at 2026-11-20 08:30:05 UTC: known customer". */
export function decisionText({ decision, decidedBy, decidedAt, why }: DecisionRecord): string {
  return printable(`${decision} by ${decidedBy} at ${timeText(decidedAt)}${why === undefined ? "" : `: ${why}`}`);
}
