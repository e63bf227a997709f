import type { Command } from "commander";
import { createUndecidedEvents } from "../../aws/undecided-events.ts";
import { readByWhom } from "../by-whom.ts";
import { type CommonOptions, consent, onTarget, type Surroundings } from "../context.ts";
import { hintFor } from "../hint.ts";
import { type CommandResult, failed } from "../result.ts";
import { printable } from "../text/table.ts";

interface CloseOptions extends CommonOptions {
  readonly by: string;
  readonly why: string;
  readonly yes?: boolean;
}

/** `cli undecided close <eventId>`: a person's word that an event stays without a decision. */
export const undecidedCloseCommand = {
  describe: (command: Command): Command =>
    command
      .description("Give up an event that stays without a decision: no sweep looks at it again, or rings for it.")
      .argument("<eventId>", "as the list names it")
      .requiredOption("--by <who>", "who says so: kept with it")
      .requiredOption("--why <text>", "why nobody has to decide: kept with it")
      .option("--yes", "don't ask before closing in AWS"),
  examples: ['undecided close stripe:evt_123 --by ada --why "refunded by hand, nothing to decide" --env prod'],
  async run(surroundings: Surroundings, options: CloseOptions, [id = ""]: readonly string[]): Promise<CommandResult> {
    const word = readByWhom(options, "Giving up a decision");
    if ("kind" in word) return word;
    // As it may be shown: an id is whatever was typed.
    const named = printable(id);
    return onTarget(surroundings, options, async ({ target, clients }) => {
      const events = createUndecidedEvents(clients.dynamoDb, target.names);
      const list = hintFor(options)("undecided", "list");
      const found = await events.find(id);
      if (found === undefined) return failed(`No sweep has found ${named} undecided. Those that are: ${list}`);
      if (found.isOpen) {
        const isGiven = options.yes === true || target.isLocal;
        const deed = `Leave ${named} without a decision`;
        const obstacle = await consent(target.settings.name, deed, { ask: surroundings.ask, isGiven });
        if (obstacle !== undefined) return obstacle;
        const nowMs = surroundings.now();
        if ((await events.giveUp(id, { ...word, nowMs })) === "given-up") {
          const givenUp = { at: new Date(nowMs).toISOString(), ...word };
          const text = `${named} is left without a decision.`;
          return { kind: "done", json: { ...found, isOpen: false, givenUp }, text };
        }
      }
      return failed(
        `${named} was decided or given up before, and your word was not taken. Those that are open: ${list}`,
      );
    });
  },
};
