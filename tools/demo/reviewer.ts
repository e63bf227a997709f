/** Plays the person who decides reviews: looks for open ones and answers them, one by one, until told to stop. */
import { setTimeout as wait } from "node:timers/promises";
import { SendTaskSuccessCommand, TaskDoesNotExist, TaskTimedOut } from "@aws-sdk/client-sfn";
import type { Decision } from "../../config/events.ts";
import type { Names } from "../../config/names.ts";
import { createPipelineReader } from "../aws/pipeline-reader.ts";
import type { ReviewAnswer } from "../commands/review-answer.ts";
import type { DemoClients } from "./clients.ts";

/** As decisions name whoever made them. */
export const reviewerName = "demo-reviewer";

export interface Reviewer {
  /** The answers so far, by event id. */
  answered(): ReadonlyMap<string, Decision>;
  /** Open reviews that nobody has answered yet. */
  open(): Promise<number>;
  stop(): Promise<void>;
}

export function startReviewer({ dynamoDb, states }: DemoClients, names: Names): Reviewer {
  const reader = createPipelineReader(dynamoDb, names);
  const answered = new Map<string, Decision>();
  let stopped = false;

  async function answerOpenOnes(): Promise<void> {
    for (const { eventId, taskToken, score } of await reader.openReviews()) {
      if (taskToken === undefined) continue;
      // The riskier half is blocked.
      const decision = Number(score) >= 0.7 ? "BLOCK" : "APPROVE";
      const answer: ReviewAnswer = { decision, by: reviewerName, why: `score ${score}`, at: new Date().toISOString() };
      try {
        await states.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(answer) }));
        answered.set(eventId, decision);
      } catch (error) {
        // Answered a moment ago, or escalated meanwhile: the next look shows the review's new token, if it has one.
        if (!(error instanceof TaskTimedOut || error instanceof TaskDoesNotExist)) throw error;
      }
    }
  }

  const working = (async () => {
    while (!stopped) {
      await answerOpenOnes();
      await wait(200);
    }
  })();
  return {
    answered: () => answered,
    open: async () => (await reader.openReviews()).length,
    async stop() {
      stopped = true;
      await working;
    },
  };
}
