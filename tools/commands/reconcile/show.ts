import type { Command } from "commander";
import { createDiscrepancies } from "../../reconciliation/discrepancies.ts";
import { type CommonOptions, onTarget, type Surroundings } from "../context.ts";
import { type Hint, hintFor } from "../hint.ts";
import { type CommandResult, failed } from "../result.ts";
import { printable } from "../text/table.ts";
import { unreadableText, wholeText } from "./discrepancy-text.ts";

/** `cli reconcile show <id>`: one discrepancy, with both sides. */
export const reconcileShowCommand = {
  describe: (command: Command): Command =>
    command.description("Show a discrepancy with both sides.").argument("<id>", "as the list names it, 16 hex digits"),
  examples: ["reconcile show 0123456789abcdef --local"],
  run: (surroundings: Surroundings, options: CommonOptions, [id = ""]: readonly string[]): Promise<CommandResult> =>
    onTarget(surroundings, options, async ({ target, clients }) => {
      const reading = await createDiscrepancies(clients.dynamoDb, target.names).find(id);
      const hint = hintFor(options);
      if (reading === undefined) return unknownDiscrepancy(id, hint);
      if (reading.kind === "unreadable") {
        const { unreadable } = reading;
        const how = hint("reconcile", "resolve", id, "--by", "WHO", "--why", "TEXT");
        return failed(`${unreadableText(unreadable)} Once it is dealt with: ${how}`, unreadable);
      }
      const found = reading.discrepancy;
      const next = found.eventId === undefined ? "" : `\n\nSee the event with:\n  ${hint("show", found.eventId)}`;
      return { kind: "done", json: found, text: `${wholeText(found)}${next}` };
    }),
};

export function unknownDiscrepancy(id: string, hint: Hint): CommandResult {
  return failed(`There is no discrepancy ${printable(id)}. List them with: ${hint("reconcile", "list", "--all")}`);
}
