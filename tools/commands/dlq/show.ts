import { type Command, InvalidArgumentError } from "commander";
import {
  createLookEnd,
  type DeadLetterSource,
  firstSentAt,
  type HeldLetter,
} from "../../../lambdas/shared/domain/dead-letters.ts";
import { timeText } from "../../../lambdas/shared/report/time.ts";
import { redriveText } from "../../dead-letters/delivery.ts";
import { heldBy } from "../../dead-letters/redrive.ts";
import type { Surroundings } from "../context.ts";
import { hintFor } from "../hint.ts";
import { interruptible } from "../interruptible.ts";
import { type CommandResult, failed } from "../result.ts";
import { listLines, printable } from "../text/table.ts";
import { letterSource, type SourceOptions, withSourceOptions } from "./letter-source.ts";
import { letterJson, letterLines } from "./letter-text.ts";
import { onQueue, withQueueOptions } from "./on-queues.ts";

interface ShowOptions extends SourceOptions {
  readonly limit: number;
  readonly message?: string;
}

/** How long letters are hidden from others while they are looked at. */
const holdSeconds = 30;

const details = `
Looking hides the messages from others for a moment, and takes none of them away. With --message, and with --json, bodies
are shown as well: they may hold payment data.`;

/** `cli dlq show <queue>`: what is in a queue. */
export const dlqShowCommand = {
  describe: (command: Command): Command =>
    withSourceOptions(
      withQueueOptions(command)
        .description("Show the messages of a dead-letter queue: since when, about which event, why.")
        .argument("<queue>", "as dlq list names it, with or without the environment")
        .option("--limit <n>", "so many at the most", countArgument, 10)
        .option("--message <id>", "this one alone, with its attributes and its body"),
    ).addHelpText("after", details),
  examples: ["dlq show webhook-events-dlq --local", "dlq show webhook-events-dlq --env prod --limit 100 --json"],
  run: (surroundings: Surroundings, options: ShowOptions, [name = ""]: readonly string[]): Promise<CommandResult> =>
    onQueue(surroundings, options, name, async (opened, queue) => {
      const { message, limit } = options;
      const source = await letterSource(opened, queue, options);
      const { seen, isCut } = await interruptible(surroundings, async (isStopped) => {
        // One more than is shown tells whether there are more.
        const isEnough = (seen: readonly HeldLetter[]) => seen.length > (message === undefined ? limit : 0);
        const seen = await look(source, queue.url, {
          isWanted: ({ messageId }) => message === undefined || messageId === message,
          isEnough: (seen) => isStopped() || isEnough(seen),
        });
        return { seen, isCut: isStopped() && !isEnough(seen) };
      });
      const shown = seen.slice(0, limit);
      const [first] = shown;
      const hasMore = message === undefined && seen.length > limit;
      const json = { queue: queue.name, redrive: queue.redrive, hasMore, messages: shown.map(letterJson) };
      if (isCut) return { kind: "interrupted", message: "Stopped before the queue was seen.", json };
      if (message !== undefined && first === undefined) {
        return failed(`${queue.name} has no message ${printable(message)} that nobody holds at the moment.`, json);
      }
      if (first === undefined) return { kind: "done", text: `${queue.name} is empty.`, json };
      const text =
        message === undefined
          ? [
              ...letterLines(shown, surroundings.now()),
              ...(hasMore ? [`… and there are more: --limit ${limit * 10} shows more of them.`] : []),
              "",
              `Way out: ${redriveText(queue.redrive)}`,
              `One of them: ${hintFor(options)("dlq", "show", queue.name, "--message", first.messageId)}`,
            ]
          : wholeLetter(first);
      return { kind: "done", text: text.join("\n"), json };
    }),
};

interface Look {
  readonly isWanted: (letter: HeldLetter) => boolean;
  readonly isEnough: (seen: readonly HeldLetter[]) => boolean;
}

/** Letters that are wanted, until there are enough or no more; all that were held are given back. */
async function look(
  source: DeadLetterSource,
  url: string,
  { isWanted, isEnough }: Look,
): Promise<readonly HeldLetter[]> {
  const end = createLookEnd();
  const held = new Set<string>();
  const seen: HeldLetter[] = [];
  try {
    while (!end.isOver() && !isEnough(seen)) {
      const taken = await source.take(url, holdSeconds);
      for (const { receipt } of taken) held.add(receipt);
      seen.push(...end.fresh(taken).filter(isWanted));
    }
  } finally {
    await source.giveBack(url, heldBy(held));
  }
  return seen.toSorted((a, b) => (firstSentAt(a) < firstSentAt(b) ? -1 : 1));
}

function wholeLetter(letter: HeldLetter): readonly string[] {
  const { messageId, attributes, enqueuedAt, body } = letter;
  return [
    ...listLines([
      ["message", messageId],
      ["first sent", timeText(firstSentAt(letter))],
      ["in SQS since", timeText(enqueuedAt)],
      ...Object.entries(attributes).map(([name, { value }]) => [name, value] as const),
    ]),
    "",
    ...body.split("\n").map(printable),
  ];
}

function countArgument(value: string): number {
  if (!/^[1-9]\d{0,4}$/.test(value)) throw new InvalidArgumentError("Give a whole number from 1 to 99999.");
  return Number(value);
}
