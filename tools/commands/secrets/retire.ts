import type { Command } from "commander";
import { type Retirement, retireSecret } from "../../secrets/retire-secret.ts";
import { readWhy } from "../by-whom.ts";
import type { Surroundings } from "../context.ts";
import { type CommandResult, usage } from "../result.ts";
import { type ChangeOptions, changeSecret, type Moment, momentArgument, withProvider } from "./change-secret.ts";

interface RetireOptions extends ChangeOptions {
  readonly at?: Moment;
  readonly now?: boolean;
  readonly ended?: boolean;
  readonly force?: boolean;
  readonly why?: string;
}

const details = `
A secret that is live gets its end and stays in the list, so that the archive's signatures can be checked; one that has
ended, or that never began, is taken out. What was taken out is in older versions of the secret.`;

/** `cli secrets retire`: a signing secret ends, or goes. */
export const secretsRetireCommand = {
  describe: (command: Command): Command =>
    withProvider(command.description("End a signing secret of a provider, or take out what has ended."))
      .argument("[secret]", "its id, or its place in secrets list")
      .option("--at <time>", "when it ends: 2026-11-20T08:00:00Z, or a duration from now, 24h", momentArgument)
      .option("--now", "end it at once")
      .option("--ended", "instead of one: take out all that have ended")
      .option("--force", "even if no secret is live then; needs --why")
      .option("--why <text>", "the reason: kept with the secret that ends")
      .addHelpText("after", details),
  examples: [
    "secrets retire --provider stripe 2026-05 --at 24h --env prod",
    "secrets retire --provider stripe 2026-05 --now --env prod",
    "secrets retire --provider stripe --ended --local",
  ],
  async run(surroundings: Surroundings, options: RetireOptions, [which]: readonly string[]): Promise<CommandResult> {
    const { at, now: isNow = false, ended: isEnded = false } = options;
    if (isEnded === (which !== undefined)) return usage("Say which secret, by its id or place, or --ended.");
    if (isNow && at !== undefined) return usage("Give --at or --now, not both.");
    if (isEnded && (isNow || at !== undefined)) return usage("What has ended needs no --at or --now.");
    const why = options.force === true ? readWhy(options.why, "That no secret is live") : undefined;
    if (typeof why === "object") return why;
    return changeSecret(surroundings, options, {
      title: isEnded ? `Take out the ended secrets of ${options.provider}` : `Retire the secret ${which}`,
      async change(value) {
        const nowMs = surroundings.now();
        const atMs = isNow ? nowMs : at?.(nowMs);
        const retirement: Retirement = {
          ...(which === undefined ? {} : { which }),
          ...(atMs === undefined ? {} : { atMs }),
          ...(why === undefined ? {} : { why }),
        };
        return retireSecret(value, retirement, nowMs);
      },
    });
  },
};
