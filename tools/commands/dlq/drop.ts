import type { Command } from "commander";
import { createArchiveObjects } from "../../../lambdas/shared/aws/archive-objects.ts";
import type { Letter } from "../../../lambdas/shared/domain/dead-letters.ts";
import { explainError } from "../../aws/explain-error.ts";
import { type DropOutcome, dropLetters } from "../../dead-letters/drop.ts";
import { bucketOf, s3Of } from "../archive/on-archive.ts";
import { readByWhom } from "../by-whom.ts";
import { consent, type Surroundings } from "../context.ts";
import { hintFor } from "../hint.ts";
import { interruptible } from "../interruptible.ts";
import { type CommandResult, failed } from "../result.ts";
import { printable } from "../text/table.ts";
import { onQueue, type QueueOptions, withQueueOptions } from "./on-queues.ts";

interface DropOptions extends QueueOptions {
  readonly message: readonly string[];
  readonly by: string;
  readonly why: string;
  readonly bucket?: string;
  readonly go?: boolean;
  readonly yes?: boolean;
}

const details = `
Without --go nothing is dropped. The message, who dropped it, when and why are kept in the archive's bucket, below
dead-letters/dropped/, before the message is deleted.`;

/** `cli dlq drop <queue>`: messages are given up, on record. */
export const dlqDropCommand = {
  describe: (command: Command): Command =>
    withQueueOptions(
      command
        .description("Give messages of a dead-letter queue up for good, on record; a dry run without --go.")
        .argument("<queue>", "as dlq list names it, with or without the environment")
        .requiredOption("--message <id...>", "which, by the ids that dlq show names")
        .requiredOption("--by <who>", "who gives them up: kept with the record")
        .requiredOption("--why <text>", "the reason: kept with the record")
        .option("--bucket <name>", "the archive's bucket (default: by environment, account and region)")
        .option("--go", "do it")
        .option("--yes", "don't ask before doing it in AWS"),
    ).addHelpText("after", details),
  examples: ['dlq drop unroutable --message 5fd1… --by ada --why "a test notification of Shopify" --env prod --go'],
  async run(surroundings: Surroundings, options: DropOptions, [name = ""]: readonly string[]): Promise<CommandResult> {
    const read = readByWhom(options, "A drop");
    if ("kind" in read) return read;
    return onQueue(surroundings, options, name, async ({ connection: { target }, letters }, queue) => {
      const go = options.go === true;
      const messageIds = new Set(options.message);
      if (go) {
        const isGiven = options.yes === true || target.isLocal;
        const deed = `Drop ${messageIds.size} messages of ${queue.name}`;
        const obstacle = await consent(target.settings.name, deed, { ask: surroundings.ask, isGiven });
        if (obstacle !== undefined) return obstacle;
      }
      const told: { readonly messageId: string; readonly outcome: DropOutcome }[] = [];
      const objects = createArchiveObjects(s3Of(target), await bucketOf(target, options.bucket));
      const order = { queue, messageIds, ...read, at: new Date(surroundings.now()).toISOString(), go };
      const tell = ({ messageId }: Letter, outcome: DropOutcome) => void told.push({ messageId, outcome });
      const { isCut, ...dropped } = await interruptible(surroundings, async (isStopped) => ({
        ...(await dropLetters(order, { source: letters.source, objects, tell, isStopped })),
        isCut: isStopped(),
      }));
      const lines = [
        ...told.map(
          ({ messageId, outcome }) => `${messageId}: ${wordsOf(outcome, (error) => explainError(error, target))}`,
        ),
        ...dropped.missing.map((id) => `${printable(id)}: not there, or held by somebody else for a moment.`),
      ];
      const json = {
        queue: queue.name,
        isDryRun: !go,
        ...dropped,
        messages: told.map(({ messageId, outcome }) => ({ messageId, outcome: outcome.kind })),
      };
      if (isCut && dropped.missing.length > 0)
        return { kind: "interrupted", message: ["Stopped.", ...lines].join("\n"), json };
      if (dropped.failed + dropped.missing.length > 0) return failed(lines.join("\n"), json);
      if (!go) lines.push(`Nothing was done: say it again with --go. ${hintFor(options)("dlq", "show", queue.name)}`);
      return { kind: "done", text: lines.join("\n"), json };
    });
  },
};

function wordsOf(outcome: DropOutcome, explain: (error: unknown) => string): string {
  switch (outcome.kind) {
    case "dropped":
      return `dropped; kept as ${outcome.record}`;
    case "would-drop":
      return "would be dropped";
    case "failed":
      return `still there. ${explain(outcome.error)}`;
  }
}
