import type { Command } from "commander";
import { durationText, secondsSince } from "../../../lambdas/shared/report/time.ts";
import { createUndecidedEvents, type UndecidedEvent } from "../../aws/undecided-events.ts";
import { type CommonOptions, onTarget, type Surroundings } from "../context.ts";
import { type Hint, hintFor } from "../hint.ts";
import type { CommandResult } from "../result.ts";
import { tableLines } from "../text/table.ts";

/** `cli undecided list`: events without a decision, reviews that wait for a person among them. */
export const undecidedListCommand = {
  describe: (command: Command): Command =>
    command.description("List the events that sweeps have found undecided, those first that are undecided longest."),
  examples: ["undecided list --local", "undecided list --env prod --json"],
  run: (surroundings: Surroundings, options: CommonOptions): Promise<CommandResult> =>
    onTarget(surroundings, options, async ({ target, clients }) => {
      const found = await createUndecidedEvents(clients.dynamoDb, target.names).list();
      return listed(found, { nowMs: surroundings.now(), hint: hintFor(options) });
    }),
};

/** The list as text and as data. */
export function listed(
  found: readonly UndecidedEvent[],
  { nowMs, hint }: { readonly nowMs: number; readonly hint: Hint },
): CommandResult {
  const [first] = found;
  if (first === undefined) return { kind: "done", json: [], text: "No event is known to be undecided." };
  const table = tableLines(
    [{ title: "EVENT" }, { title: "TRANSACTION" }, { title: "SWEEPS", align: "right" }, { title: "UNDECIDED FOR" }],
    found.map(({ eventId, transactionId, sweeps, undecidedSince }) => [
      eventId,
      transactionId,
      String(sweeps),
      durationText(secondsSince(undecidedSince, nowMs)),
    ]),
  );
  const count = found.length === 1 ? "1 is undecided." : `${found.length} are undecided.`;
  const how = `${count} See how far the first came with:\n  ${hint("show", first.eventId)}`;
  return { kind: "done", json: found, text: [...table, "", how].join("\n") };
}
