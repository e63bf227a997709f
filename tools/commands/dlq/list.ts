import type { Command } from "commander";
import { inParallel } from "../../../lambdas/shared/domain/in-parallel.ts";
import { redriveText } from "../../dead-letters/delivery.ts";
import type { Surroundings } from "../context.ts";
import { hintFor } from "../hint.ts";
import type { CommandResult } from "../result.ts";
import { tableLines } from "../text/table.ts";
import { onQueues, type QueueOptions, withQueueOptions } from "./on-queues.ts";

const queuesAtOnce = 8;

/** `cli dlq list`: every queue in which messages end, and how many are in it. */
export const dlqListCommand = {
  describe: (command: Command): Command =>
    withQueueOptions(
      command.description("List the dead-letter queues, how many messages wait in each, and the way out."),
    ),
  examples: ["dlq list --local", "dlq list --env prod", "dlq list --env prod --json"],
  run: (surroundings: Surroundings, options: QueueOptions): Promise<CommandResult> =>
    onQueues(surroundings, options, async ({ queues, letters }) => {
      const counted = await inParallel(queues, queuesAtOnce, async (queue) => ({
        ...queue,
        ...(await letters.count(queue.url)),
      }));
      const rows = counted.map(({ name, waiting, held, redrive }) => [
        name,
        String(waiting),
        String(held),
        redriveText(redrive),
      ]);
      const columns = [
        { title: "queue" },
        { title: "messages", align: "right" },
        { title: "held", align: "right" },
        { title: "redrive" },
      ] as const;
      const first = counted.find(({ waiting, held }) => waiting + held > 0);
      const next =
        first === undefined ? "All are empty." : `See what is in one: ${hintFor(options)("dlq", "show", first.name)}`;
      return { kind: "done", text: [...tableLines(columns, rows), "", next].join("\n"), json: { queues: counted } };
    }),
};
