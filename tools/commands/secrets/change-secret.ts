/** What the commands that change a provider's secrets have in common: read, change, check, ask, put. */
import { type Command, InvalidArgumentError } from "commander";
import { limits } from "../../../config/limits.ts";
import { isProviderName, type ProviderName, providerNames } from "../../../config/providers.ts";
import { providers } from "../../../lambdas/shared/providers/index.ts";
import { endOf, startOf } from "../../../lambdas/shared/providers/secret-value.ts";
import { type Change, isoOf, labelOf } from "../../secrets/change.ts";
import { lifetimeOf, momentOf } from "../../secrets/lifetimes.ts";
import { readSecret, replaceValue } from "../../secrets/put-value.ts";
import { viewsOf } from "../../secrets/secret-view.ts";
import {
  emptyValue,
  problemOfStored,
  readStoredValue,
  type StoredValue,
  writtenValue,
} from "../../secrets/stored-value.ts";
import { type CommonOptions, consent, onTarget, type Surroundings } from "../context.ts";
import { hintFor } from "../hint.ts";
import { type CommandResult, failed } from "../result.ts";
import { momentText, secretLines } from "./secret-text.ts";

export interface ChangeOptions extends CommonOptions {
  readonly provider: ProviderName;
  readonly yes?: boolean;
}

export function withProvider(command: Command): Command {
  return command
    .requiredOption("--provider <name>", `whose: ${providerNames.join(", ")}`, providerArgument)
    .option("--yes", "don't ask before changing it in AWS");
}

export function providerArgument(value: string): ProviderName {
  if (isProviderName(value)) return value;
  throw new InvalidArgumentError(`Choose one of: ${providerNames.join(", ")}.`);
}

/** An option that is a moment: epoch milliseconds, or after how many from a moment that is known later. */
export type Moment = (afterMs: number) => number;

export function momentArgument(value: string): Moment {
  if (momentOf(value, 0) === undefined) {
    throw new InvalidArgumentError("Write a time with its offset, 2026-11-20T08:00:00Z, or a duration: 30m, 24h, 7d.");
  }
  return (afterMs) => momentOf(value, afterMs) ?? afterMs;
}

interface Deed {
  /** What is done, for the question before it. */
  readonly title: string;
  /** Makes the new value. What it returns instead of a change ends the command. */
  change(value: StoredValue, secretName: string): Promise<Change | CommandResult>;
}

/** Carries a change out, unless it is refused, nobody agrees to it, or somebody else has changed the value meanwhile. */
export function changeSecret(
  surroundings: Surroundings,
  options: ChangeOptions,
  { title, change }: Deed,
): Promise<CommandResult> {
  const { provider } = options;
  const hint = hintFor(options);
  return onTarget(surroundings, options, async ({ target, clients }) => {
    const name = target.names.providerSecret(provider);
    const reading = await readSecret(clients.secrets, name);
    const { text } = reading;
    const value = text === undefined ? emptyValue : readStoredValue(text);
    if (value === undefined) {
      const why = problemOfStored(text ?? "");
      return failed(`${name} can't be changed. ${why} Put a whole one with aws secretsmanager put-secret-value.`);
    }
    const outcome = await change(value, name);
    if (outcome.kind === "refused")
      return failed(`${outcome.message} ${hint("secrets", "list", "--provider", provider)}`);
    if (outcome.kind !== "changed") return outcome;
    const written = writtenValue(outcome.value);
    const opened = providers[provider].open(written);
    if (opened.kind === "misconfigured") return failed(`Nothing was changed. ${opened.detail}`);
    const obstacle = await consent(target.settings.name, `${title} in ${name}`, {
      ask: surroundings.ask,
      isGiven: options.yes === true || target.isLocal,
    });
    if (obstacle !== undefined) return obstacle;
    const put = await replaceValue(clients.secrets, reading, JSON.stringify(written));
    if (put.kind === "changed-meanwhile") {
      return failed(`Somebody else has changed ${name} meanwhile, and that stands: look at it, and say this again.`, {
        error: { code: "changed-meanwhile" },
      });
    }
    if (put.leftLabel !== undefined) surroundings.err(`The label ${put.leftLabel} is left on the new version.`);
    return changedResult(outcome, { provider, name, nowMs: surroundings.now() });
  });
}

function changedResult(
  { value: { entries }, changed }: Extract<Change, { kind: "changed" }>,
  { provider, name, nowMs }: { readonly provider: ProviderName; readonly name: string; readonly nowMs: number },
): CommandResult {
  const knownMs = nowMs + limits.secretsCachedSeconds * 1000;
  const effects = changed.flatMap((entry) => {
    const label = labelOf(entry, entries.indexOf(entry));
    const ends = endOf(entry);
    const begins = Math.max(startOf(entry), knownMs);
    const isToCome = lifetimeOf(entry, nowMs) !== "ended" && begins < ends;
    const until = Number.isFinite(ends) ? { refusedEverywhereAt: isoOf(Math.max(ends, knownMs)) } : {};
    return [{ secret: label, ...(isToCome ? { acceptedEverywhereAt: isoOf(begins) } : {}), ...until }];
  });
  const lines = effects.flatMap(({ secret, acceptedEverywhereAt: accepted, refusedEverywhereAt: refused }) => [
    ...(accepted === undefined ? [] : [`${secret} is accepted everywhere from ${momentText(accepted)}.`]),
    ...(refused === undefined ? [] : [`${secret} is refused everywhere from ${momentText(refused)}.`]),
  ]);
  const views = viewsOf(entries, nowMs);
  return {
    kind: "done",
    text: [
      `${name}:`,
      ...secretLines(views),
      "",
      ...lines,
      `Functions read secrets every ${limits.secretsCachedSeconds / 60} minutes.`,
    ].join("\n"),
    json: { provider, name, knownEverywhereAt: isoOf(knownMs), changed: effects, secrets: views },
  };
}
