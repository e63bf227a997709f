import type { Command } from "commander";
import { providers } from "../../../lambdas/shared/providers/index.ts";
import { addSecret } from "../../secrets/add-secret.ts";
import type { Surroundings } from "../context.ts";
import { type CommandResult, type Usage, usage } from "../result.ts";
import { type ChangeOptions, changeSecret, type Moment, momentArgument, withProvider } from "./change-secret.ts";

interface AddOptions extends ChangeOptions {
  readonly id?: string;
  readonly from?: Moment;
  readonly until?: Moment;
  readonly previousUntil?: Moment;
  readonly setting: readonly string[];
}

const details = `
The secret is typed, and not shown, or piped in: ... | npm run cli -- secrets add --provider stripe. It stands before the
others, which stay live unless --previous-until ends them. Times are written 2026-11-20T08:00:00Z, or as a duration: 30m,
24h, 7d, counted from now; those of --until and --previous-until from when the new secret begins.`;

/** `cli secrets add`: a provider gets another signing secret, or its first. */
export const secretsAddCommand = {
  describe: (command: Command): Command =>
    withProvider(
      command.description("Add a signing secret of a provider, typed or piped in; those that are there stay live."),
    )
      .option("--id <id>", "by which people tell it from the others, such as 2026-11")
      .option("--from <time>", "when it begins to be live (default: at once)", momentArgument)
      .option("--until <time>", "when it ends (default: it is live for good)", momentArgument)
      .option("--previous-until <time>", "when the others end", momentArgument)
      .option("--setting <name=json>", "sets one of the scheme's settings, too; may be repeated", collected, [])
      .addHelpText("after", details),
  examples: [
    "secrets add --provider stripe --id 2026-11 --previous-until 24h --env prod",
    `secrets add --provider hmac --setting 'header="x-acme-signature"' --setting 'payload="{body}"' --local`,
  ],
  async run(surroundings: Surroundings, options: AddOptions): Promise<CommandResult> {
    const { provider, id } = options;
    if (id !== undefined && !/^[\w-]{1,64}$/.test(id)) {
      return usage("--id has up to 64 letters, digits, hyphens and underscores.");
    }
    const read = readSettings(options.setting, providers[provider].settingNames, provider);
    if (read.kind === "usage") return read;
    const { settings } = read;
    return changeSecret(surroundings, options, {
      title: `Add a secret of ${provider}`,
      async change(value, name) {
        const secret = await surroundings.askHidden(`Secret of ${provider} for ${name} (it isn't shown): `);
        const problem = problemOf(secret);
        if (secret === undefined || problem !== undefined) return usage(problem ?? "");
        const nowMs = surroundings.now();
        const fromMs = options.from?.(nowMs);
        const begins = fromMs ?? nowMs;
        const times = {
          ...(fromMs === undefined ? {} : { fromMs }),
          ...(options.until === undefined ? {} : { untilMs: options.until(begins) }),
          ...(options.previousUntil === undefined ? {} : { previousUntilMs: options.previousUntil(begins) }),
        };
        return addSecret(value, { secret, settings, ...(id === undefined ? {} : { id }), ...times }, nowMs);
      },
    });
  },
};

function collected(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

/** Says nothing of what was typed. */
function problemOf(secret: string | undefined): string | undefined {
  if (secret === undefined) {
    return "No secret came. Type it at a terminal, or pipe it in: ... | npm run cli -- secrets add --provider <name>.";
  }
  if (/\p{Cc}/u.test(secret)) return "The secret has line breaks or control characters: it is a single line.";
  return secret.trim() === secret ? undefined : "The secret has blanks before or after it: leave them out.";
}

interface SettingsRead {
  readonly kind: "settings";
  readonly settings: Readonly<Record<string, unknown>>;
}

/** A name that the scheme doesn't know would be ignored, so it is refused here. */
function readSettings(
  typed: readonly string[],
  known: readonly string[] | undefined,
  provider: string,
): SettingsRead | Usage {
  const settings: [string, unknown][] = [];
  for (const text of typed) {
    const [, name = "", json = ""] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    const isUnknown = known !== undefined && !known.includes(name);
    if (isUnknown || name === "" || name === "secrets") {
      const names = known?.length === 0 ? "It has none." : `It has: ${known?.join(", ") ?? "see README"}.`;
      return usage(`${provider} has no setting "${name}". ${names} Write --setting name=json.`);
    }
    try {
      settings.push([name, JSON.parse(json)]);
    } catch {
      // Not the parser's own message, which would quote a value that may be a key.
      return usage(`The value of --setting ${name} is no JSON. Texts stand in double quotes: ${name}='"text"'.`);
    }
  }
  return { kind: "settings", settings: Object.fromEntries(settings) };
}
