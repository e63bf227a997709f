import type { Command } from "commander";
import { type ProviderName, providerNames } from "../../../config/providers.ts";
import { inParallel } from "../../../lambdas/shared/domain/in-parallel.ts";
import { providers } from "../../../lambdas/shared/providers/index.ts";
import { isoOf } from "../../secrets/change.ts";
import { firstGap } from "../../secrets/lifetimes.ts";
import { readSecret, type SecretReading } from "../../secrets/put-value.ts";
import { type SecretView, viewsOf } from "../../secrets/secret-view.ts";
import { problemOfStored, readStoredValue, writtenValue } from "../../secrets/stored-value.ts";
import { type CommonOptions, onTarget, type Surroundings } from "../context.ts";
import { type CommandResult, failed } from "../result.ts";
import { providerArgument } from "./change-secret.ts";
import { momentText, secretLines } from "./secret-text.ts";

interface ListOptions extends CommonOptions {
  readonly provider?: ProviderName;
}

const secretsAtOnce = 4;

interface Listed {
  readonly provider: ProviderName;
  readonly name: string;
  /** `no-value`: nobody has put one yet, or the environment isn't deployed. */
  readonly state: "usable" | "no-value" | "misconfigured";
  readonly detail?: string;
  readonly secrets: readonly SecretView[];
  /** Names of the scheme's settings that are set. */
  readonly settings: readonly string[];
  /** From when on none of the secrets is live. */
  readonly noneLiveFrom?: string;
}

/** `cli secrets list`: which secrets there are and when each is live. Never a value. */
export const secretsListCommand = {
  describe: (command: Command): Command =>
    command
      .description("List the providers' signing secrets and when each is live; their values are never shown.")
      .option("--provider <name>", "only those of one provider", providerArgument),
  examples: ["secrets list --local", "secrets list --provider stripe --env prod"],
  run: (surroundings: Surroundings, options: ListOptions): Promise<CommandResult> =>
    onTarget(surroundings, options, async ({ target, clients }) => {
      const names = options.provider === undefined ? providerNames : [options.provider];
      const nowMs = surroundings.now();
      const listed = await inParallel(names, secretsAtOnce, async (provider) =>
        listedOf(provider, await readSecret(clients.secrets, target.names.providerSecret(provider)), nowMs),
      );
      const text = listed.map((one) => listedLines(one, nowMs).join("\n")).join("\n\n");
      const [first] = listed;
      const isMissing = options.provider !== undefined && first?.state === "no-value";
      return isMissing ? failed(text, { providers: listed }) : { kind: "done", text, json: { providers: listed } };
    }),
};

function listedOf(provider: ProviderName, { name, text }: SecretReading, nowMs: number): Listed {
  const nothing = { provider, name, secrets: [], settings: [] };
  if (text === undefined) return { ...nothing, state: "no-value" };
  const value = readStoredValue(text);
  if (value === undefined) {
    return { ...nothing, state: "misconfigured", detail: problemOfStored(text) };
  }
  const opened = providers[provider].open(writtenValue(value));
  const gap = firstGap(value.entries, nowMs);
  return {
    provider,
    name,
    ...(opened.kind === "opened" ? { state: "usable" } : { state: "misconfigured", detail: opened.detail }),
    secrets: viewsOf(value.entries, nowMs),
    settings: Object.keys(value.settings),
    ...(gap === undefined ? {} : { noneLiveFrom: isoOf(gap) }),
  };
}

function listedLines(
  { provider, name, state, detail, secrets, settings, noneLiveFrom }: Listed,
  nowMs: number,
): readonly string[] {
  const title = `${provider} (${name})`;
  if (state === "no-value") return [`${title}: no value yet. Put one: secrets add --provider ${provider}`];
  const warnings = [
    ...(detail === undefined ? [] : [`Unusable. ${detail}`]),
    ...(noneLiveFrom === undefined ? [] : [noneLiveText(noneLiveFrom, nowMs)]),
  ];
  return [
    `${title}${settings.length === 0 ? "" : `, with settings ${settings.join(", ")}`}`,
    ...(secrets.length === 0 ? [] : secretLines(secrets)),
    ...warnings,
  ];
}

function noneLiveText(fromIso: string, nowMs: number): string {
  const when = Date.parse(fromIso) <= nowMs ? "now" : `from ${momentText(fromIso)} on`;
  return `None is live ${when}: its webhooks are answered 503 until one is.`;
}
