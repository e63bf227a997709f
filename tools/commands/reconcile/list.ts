import type { Command } from "commander";
import { durationText, secondsSince } from "../../../lambdas/shared/report/time.ts";
import { createDiscrepancies, type Found } from "../../reconciliation/discrepancies.ts";
import { type CommonOptions, onTarget, type Surroundings } from "../context.ts";
import { type Hint, hintFor } from "../hint.ts";
import type { CommandResult } from "../result.ts";
import { tableLines } from "../text/table.ts";
import { differenceText, subjectOf, unreadableText } from "./discrepancy-text.ts";

interface ListOptions extends CommonOptions {
  readonly all?: boolean;
}

/** `cli reconcile list`: what a provider's books and ours differ in. */
export const reconcileListCommand = {
  describe: (command: Command): Command =>
    command
      .description("List the open discrepancies, the worst and oldest first.")
      .option("--all", "closed ones as well; reads the whole table"),
  examples: ["reconcile list --local", "reconcile list --all --json --env prod"],
  run: (surroundings: Surroundings, options: ListOptions): Promise<CommandResult> =>
    onTarget(surroundings, options, async ({ target, clients }) => {
      const discrepancies = createDiscrepancies(clients.dynamoDb, target.names);
      const isAll = options.all === true;
      const found = isAll ? await discrepancies.all() : await discrepancies.open();
      return listed(found, { isAll, nowMs: surroundings.now(), hint: hintFor(options) });
    }),
};

interface Page {
  readonly isAll: boolean;
  readonly nowMs: number;
  readonly hint: Hint;
}

/** The list as text and as data. */
export function listed({ discrepancies: found, unreadable }: Found, { isAll, nowMs, hint }: Page): CommandResult {
  const unread = unreadable.map(unreadableText);
  const json = [...found, ...unreadable];
  if (found.length === 0) {
    const none = isAll ? "No discrepancy was ever found." : "No discrepancy is open.";
    return { kind: "done", json, text: unread.length === 0 ? none : unread.join("\n") };
  }
  const columns = ["ID", "SEVERITY", "KIND", "WHAT", "DIFFERENCE", "SINCE", ...(isAll ? ["STATUS"] : [])];
  const rows = found.map((each) => [
    each.id,
    each.severity,
    each.kind,
    subjectOf(each),
    differenceText(each),
    durationText(secondsSince(each.firstSeenAt, nowMs)),
    ...(isAll ? [each.status] : []),
  ]);
  const open = found.filter(({ status }) => status === "OPEN");
  const count = open.length === 1 ? "1 is open." : `${open.length} are open.`;
  const how = open[0] === undefined ? [] : [`See the first with:\n  ${hint("reconcile", "show", open[0].id)}`];
  const table = tableLines(
    columns.map((title) => ({ title })),
    rows,
  );
  const text = [...table, ...unread, "", [count, ...how].join(" ")].join("\n");
  return { kind: "done", json, text };
}
