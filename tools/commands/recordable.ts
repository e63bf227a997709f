/** Words that are kept on record, of every command that has any. */
import { hiddenWord, withPersonalDataHidden } from "../../lambdas/shared/domain/personal-data.ts";
import type { Surroundings } from "./context.ts";

const kept = ["by", "why"] as const;

/**
 * The options with who and why as records, logs and the console may have them: without email addresses, cards' numbers
 * and keys, which no reason needs (WEBHOOK_RULES 19). Says what it hid.
 */
export function recordable<TOptions extends object>(options: TOptions, { err }: Pick<Surroundings, "err">): TOptions {
  const words = new Map<string, unknown>(Object.entries(options));
  const hidden = kept.flatMap((name) => {
    const text = words.get(name);
    const shown = typeof text === "string" ? withPersonalDataHidden(text) : text;
    return shown === text ? [] : [[name, shown] as const];
  });
  if (hidden.length === 0) return options;
  const names = hidden.map(([name]) => `--${name}`).join(" and ");
  err(`${names}: kept with ${hiddenWord} in the place of an email address, a card's number or a key.`);
  return { ...options, ...Object.fromEntries(hidden) };
}
