import type { TargetOptions } from "../aws/target.ts";
import { printable } from "./text/table.ts";

/** A command line of `cli`, ready to be pasted into a shell, that acts on the same system as this command. */
export type Hint = (...words: readonly string[]) => string;

/** `options` are the ones that led this command to its system. */
export function hintFor({ env, local, endpoint, region }: TargetOptions): Hint {
  const named = Object.entries({ env, endpoint, region }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, value],
  );
  const target = [...named, ...(local ? ["--local"] : [])];
  return (...words) => ["npm run cli --", ...[...words, ...target].map(shellWord)].join(" ");
}

/** Ids come from outside: whatever is in one, a shell takes it for one word. */
function shellWord(word: string): string {
  const text = printable(word);
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
