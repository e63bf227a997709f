import type { Command } from "commander";
import type { DiscrepancyReading } from "../../../lambdas/shared/aws/discrepancy-store.ts";
import { timeText } from "../../../lambdas/shared/report/time.ts";
import { createDiscrepancies } from "../../reconciliation/discrepancies.ts";
import { readByWhom } from "../by-whom.ts";
import { type CommonOptions, consent, onTarget, type Surroundings } from "../context.ts";
import { hintFor } from "../hint.ts";
import { type CommandResult, failed } from "../result.ts";
import { subjectOf } from "./discrepancy-text.ts";
import { unknownDiscrepancy } from "./show.ts";

interface ResolveOptions extends CommonOptions {
  readonly by: string;
  readonly why: string;
  readonly yes?: boolean;
}

/** `cli reconcile resolve <id>`: a person's word that a discrepancy is dealt with. */
export const reconcileResolveCommand = {
  describe: (command: Command): Command =>
    command
      .description("Close a discrepancy that is dealt with. It stays closed when a later run sees it again.")
      .argument("<id>", "as the list names it, 16 hex digits")
      .requiredOption("--by <who>", "who says so: kept with it")
      .requiredOption("--why <text>", "what was done, or why nothing had to be: kept with it")
      .option("--yes", "don't ask before closing in AWS"),
  examples: ['reconcile resolve 0123456789abcdef --by ada --why "a fee of the provider, not a sale" --env prod'],
  async run(surroundings: Surroundings, options: ResolveOptions, [id = ""]: readonly string[]): Promise<CommandResult> {
    const word = readByWhom(options, "A resolution");
    if ("kind" in word) return word;
    return onTarget(surroundings, options, async ({ target, clients }) => {
      const discrepancies = createDiscrepancies(clients.dynamoDb, target.names);
      const hint = hintFor(options);
      const found = await discrepancies.find(id);
      if (found === undefined) return unknownDiscrepancy(id, hint);
      if (mayBeOpen(found)) {
        const deed = `Close ${nameOf(found)}`;
        const isGiven = options.yes === true || target.isLocal;
        const obstacle = await consent(target.settings.name, deed, { ask: surroundings.ask, isGiven });
        if (obstacle !== undefined) return obstacle;
        const at = new Date(surroundings.now()).toISOString();
        const outcome = await discrepancies.resolve(id, { ...word, at });
        if (outcome === "closed") {
          const known = found.kind === "discrepancy" ? found.discrepancy : found.unreadable;
          const json = { ...known, status: "RESOLVED", closedAt: at, closedBy: word.by, why: word.why };
          return { kind: "done", json, text: `${id}: ${nameOf(found)} is resolved.` };
        }
      }
      // Closed before, or between the look and the word.
      const later = await discrepancies.find(id);
      const closed = later?.kind === "discrepancy" ? later.discrepancy : undefined;
      const when = closed?.closedAt === undefined ? "" : ` at ${timeText(closed.closedAt)}`;
      const by = closed?.closedBy === undefined ? "" : ` by ${closed.closedBy}`;
      return failed(
        `${id} was closed already${when}${by}, and your word was not taken. See it with: ${hint("reconcile", "show", id)}`,
      );
    });
  },
};

/** Of one that can't be read only the table knows. */
function mayBeOpen(reading: DiscrepancyReading): boolean {
  return reading.kind === "unreadable" || reading.discrepancy.status === "OPEN";
}

function nameOf(reading: DiscrepancyReading): string {
  if (reading.kind === "unreadable") return "a discrepancy that can't be read";
  return `${reading.discrepancy.kind} of ${subjectOf(reading.discrepancy)}`;
}
