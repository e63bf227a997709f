import { SendTaskSuccessCommand, type SFNClient, TaskDoesNotExist, TaskTimedOut } from "@aws-sdk/client-sfn";
import type { Command } from "commander";
import { amountText } from "../../lambdas/shared/report/amount.ts";
import { type CommonOptions, consent, onTarget, type Surroundings } from "./context.ts";
import { hintFor } from "./hint.ts";
import { type CommandResult, usage } from "./result.ts";
import { type ReviewAnswer, readAnswer } from "./review-answer.ts";
import { answerReview, type ReviewPorts, reviewState } from "./review-decision.ts";
import { outcomeOf, refusal } from "./review-text.ts";
import { printable } from "./text/table.ts";

interface ReviewOptions extends CommonOptions {
  readonly by: string;
  readonly why: string;
  readonly yes?: boolean;
  /** Seconds. */
  readonly waitLimit: string;
  /** False for `--no-wait`. */
  readonly wait: boolean;
}

/** `cli review <eventId> approve|block`: a person's decision. */
export const reviewCommand = {
  describe: (command: Command): Command =>
    command
      .description("Decide a payment that waits for a person, and wait until the decision is recorded.")
      .argument("<eventId>", "event under review, as the list of reviews names it")
      .argument("<decision>", "approve or block")
      .requiredOption("--by <who>", "who decides: kept with the decision")
      .requiredOption("--why <text>", "the reason: kept with the decision")
      .option("--yes", "don't ask before deciding in AWS")
      .option("--wait-limit <seconds>", "how long to wait for the record", "30")
      .option("--no-wait", "don't wait for the record"),
  examples: [
    'review stripe:evt_123 approve --by ada --why "known customer, called back" --local',
    'review stripe:evt_123 block --by ada --why "stolen card" --env staging',
  ],
  async run(
    surroundings: Surroundings,
    options: ReviewOptions,
    [eventId = "", word = ""]: readonly string[],
  ): Promise<CommandResult> {
    const read = readAnswer({ by: options.by, why: options.why, word });
    if (read.kind === "usage") return read;
    const waitSeconds = Number(options.waitLimit);
    if (!(waitSeconds > 0 && waitSeconds <= 600))
      return usage("--wait-limit takes seconds, more than 0 and at most 600.");
    return onTarget(surroundings, options, async ({ target, clients, reader }) => {
      const { now, sleep } = surroundings;
      const hint = hintFor(options);
      const ports: ReviewPorts = { reader, now, sleep, send: sender(clients.states) };
      const state = await reviewState(eventId, ports);
      if (state.kind !== "open") return refusal(eventId, state, hint);
      const { amountMinor, currency } = state.review;
      const deed = `${read.answer.decision} ${printable(eventId)}, ${amountText(amountMinor, currency)}`;
      const isGiven = options.yes === true || target.isLocal;
      const obstacle = await consent(target.settings.name, deed, { ask: surroundings.ask, isGiven });
      if (obstacle !== undefined) return obstacle;
      const answer: ReviewAnswer = { ...read.answer, at: new Date(now()).toISOString() };
      const outcome = await answerReview(state, answer, options.wait ? waitSeconds * 1000 : 0, ports);
      return outcomeOf(eventId, answer, outcome, hint);
    });
  },
};

function sender(states: SFNClient): ReviewPorts["send"] {
  return async (taskToken, answer) => {
    try {
      await states.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(answer) }));
      return "accepted";
    } catch (error) {
      if (error instanceof TaskTimedOut || error instanceof TaskDoesNotExist) return "not-waiting";
      throw error;
    }
  };
}
