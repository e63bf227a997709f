import type { Command } from "commander";
import { monetaryEventTypes } from "../../config/events.ts";
import { providerNames } from "../../config/providers.ts";
import type { CommonOptions, Surroundings } from "./context.ts";
import type { CommandResult } from "./result.ts";
import { listLines } from "./text/table.ts";
import { webhookBuilders } from "./webhooks/index.ts";

/** `cli types`: what can be sent. */
export const typesCommand = {
  describe: (command: Command): Command =>
    command
      .description("List the types of events that `send` can say in each provider's words.")
      .option("--json", "print JSON on standard output"),
  isOnItsOwn: true,
  examples: ["types", "types --json"],
  async run(_surroundings: Surroundings, _options: CommonOptions): Promise<CommandResult> {
    const providers = providerNames.map((name) => ({ name, types: webhookBuilders[name].types }));
    const text = listLines(providers.map(({ name, types }) => [name, types.join(", ")] as const)).join("\n");
    return { kind: "done", text, json: { providers, monetary: [...monetaryEventTypes] } };
  },
};
