import type { Command } from "commander";
import { durationText, secondsSince, timeText } from "../../../lambdas/shared/report/time.ts";
import { createUndecidedEvents, type UndecidedEvent } from "../../aws/undecided-events.ts";
import { type CommonOptions, onTarget, type Surroundings } from "../context.ts";
import { type Hint, hintFor } from "../hint.ts";
import type { CommandResult } from "../result.ts";
import { tableLines } from "../text/table.ts";

interface ListOptions extends CommonOptions {
  readonly all?: boolean;
}

/** `cli undecided list`: events without a decision, reviews that wait for a person among them. */
export const undecidedListCommand = {
  describe: (command: Command): Command =>
    command
      .description("List the events that sweeps have found undecided, those first that are undecided longest.")
      .option("--all", "those that a person has given up as well, with who and why"),
  examples: ["undecided list --local", "undecided list --all --json --env prod"],
  run: (surroundings: Surroundings, options: ListOptions): Promise<CommandResult> =>
    onTarget(surroundings, options, async ({ target, clients }) => {
      const isAll = options.all === true;
      const events = createUndecidedEvents(clients.dynamoDb, target.names);
      const found = await events.list(isAll ? ["OPEN", "GIVEN_UP"] : ["OPEN"]);
      return listed(found, { isAll, nowMs: surroundings.now(), hint: hintFor(options) });
    }),
};

interface Page {
  readonly isAll: boolean;
  readonly nowMs: number;
  readonly hint: Hint;
}

/** The list as text and as data. */
export function listed(found: readonly UndecidedEvent[], { isAll, nowMs, hint }: Page): CommandResult {
  if (found.length === 0) {
    const text = isAll ? "No event is known to be undecided, or given up." : "No event is known to be undecided.";
    return { kind: "done", json: [], text };
  }
  const columns = [
    { title: "EVENT" },
    { title: "TRANSACTION" },
    { title: "SWEEPS", align: "right" },
    { title: "UNDECIDED FOR" },
    ...(isAll ? [{ title: "GIVEN UP" }] : []),
  ] as const;
  const table = tableLines(
    columns,
    found.map(({ eventId, transactionId, sweeps, undecidedSince, givenUp }) => [
      eventId,
      transactionId,
      String(sweeps),
      durationText(secondsSince(undecidedSince, givenUp === undefined ? nowMs : Date.parse(givenUp.at))),
      ...(isAll ? [givenUp === undefined ? "-" : givenUpText(givenUp)] : []),
    ]),
  );
  const open = found.filter(({ isOpen }) => isOpen);
  const count = open.length === 1 ? "1 is undecided." : `${open.length} are undecided.`;
  const how = open[0] === undefined ? [] : [`See how far the first came with:\n  ${hint("show", open[0].eventId)}`];
  return { kind: "done", json: found, text: [...table, "", [count, ...how].join(" ")].join("\n") };
}

/** Who gave an event up, when and why. */
export function givenUpText({ at, by, why }: NonNullable<UndecidedEvent["givenUp"]>): string {
  return `${timeText(at)} by ${by}: ${why}`;
}
