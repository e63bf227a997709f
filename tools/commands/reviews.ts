import type { Command } from "commander";
import { amountText, majorUnits } from "../../lambdas/shared/report/amount.ts";
import { durationText, secondsSince, timeText } from "../../lambdas/shared/report/time.ts";
import type { ReviewRecord } from "../aws/records.ts";
import { type CommonOptions, onTarget, type Surroundings } from "./context.ts";
import { type Hint, hintFor } from "./hint.ts";
import type { CommandResult } from "./result.ts";
import { tableLines, wrapped } from "./text/table.ts";

/** `cli reviews`: what waits for a person. */
export const reviewsCommand = {
  describe: (command: Command): Command =>
    command.description("List the open reviews, the one that waits longest first."),
  examples: ["reviews --local", "reviews --env staging --json"],
  run: (surroundings: Surroundings, options: CommonOptions): Promise<CommandResult> =>
    onTarget(surroundings, options, async ({ reader }) =>
      listed(await reader.openReviews(), {
        nowMs: surroundings.now(),
        width: surroundings.width,
        hint: hintFor(options),
      }),
    ),
};

interface Page {
  readonly nowMs: number;
  /** Columns of the terminal. */
  readonly width: number;
  readonly hint: Hint;
}

/** The list as text and as data. */
export function listed(reviews: readonly ReviewRecord[], page: Page): CommandResult {
  return {
    kind: "done",
    json: reviews.map((review) => reviewJson(review, page.nowMs)),
    text: reviews.length === 0 ? "No review is open." : listText(reviews, page),
  };
}

function reviewJson(review: ReviewRecord, nowMs: number) {
  const { eventId, transactionId, amountMinor, currency, score, reasons, openedAt, escalations } = review;
  const amount = majorUnits(amountMinor, currency);
  const waitingSeconds = secondsSince(openedAt, nowMs);
  return {
    eventId,
    transactionId,
    amountMinor,
    amount,
    currency,
    score,
    reasons,
    openedAt,
    waitingSeconds,
    escalations,
  };
}

/** A row per review with its reasons below it. */
function listText(reviews: readonly ReviewRecord[], { nowMs, width, hint }: Page): string {
  const [titles = "", ...rows] = tableLines(
    [
      { title: "EVENT" },
      { title: "AMOUNT", align: "right" },
      { title: "SCORE", align: "right" },
      { title: "WAITING", align: "right" },
      { title: "ESCALATED", align: "right" },
    ],
    reviews.map(({ eventId, amountMinor, currency, score, openedAt, escalations }) => [
      eventId,
      amountText(amountMinor, currency),
      score.toFixed(2),
      durationText(secondsSince(openedAt, nowMs)),
      escalations === 0 ? "no" : `${escalations}×`,
    ]),
  );
  const blocks = reviews.map(({ openedAt, reasons }, at) => [
    rows[at] ?? "",
    `  opened ${timeText(openedAt)}`,
    ...reasons.flatMap(({ weight, detail, code }) =>
      wrapped(`${weight.toFixed(2)} ${detail} (${code})`, { indent: "  ", width }),
    ),
  ]);
  const count = reviews.length === 1 ? "1 open review" : `${reviews.length} open reviews`;
  // Words in capitals stand for the reader's own: angle brackets would redirect in a shell.
  const how = hint("review", reviews[0]?.eventId ?? "", "approve", "--by", "WHO", "--why", "THE REASON");
  const end = `${count}. Decide the first, by approve or block, with:\n  ${how}`;
  return [titles, ...blocks.map((lines) => lines.join("\n")), end].join("\n\n");
}
