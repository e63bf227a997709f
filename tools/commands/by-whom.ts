/** Who does something that is kept on record, and why, as it was typed. */
import { type Usage, usage } from "./result.ts";

export interface ByWhom {
  readonly by: string;
  readonly why: string;
}

/** Longest name and reason that records have room for. */
const longest = { by: 256, why: 1_000 } as const;

/** A deed without a name or a reason is worth nothing to an auditor, so both are demanded. */
export function readByWhom(typed: { readonly by?: string; readonly why?: string }, deed: string): ByWhom | Usage {
  const [by, why] = [typed.by?.trim() ?? "", typed.why?.trim() ?? ""];
  for (const [option, text] of [
    ["by", by],
    ["why", why],
  ] as const) {
    const problem = problemOf(text, longest[option]);
    if (problem !== undefined) return usage(`${deed} is kept on record: --${option} ${problem}`);
  }
  return { by, why };
}

/** The reason alone, where the deed's place keeps who did it anyway. */
export function readWhy(typed: string | undefined, deed: string): string | Usage {
  const why = typed?.trim() ?? "";
  const problem = problemOf(why, longest.why);
  return problem === undefined ? why : usage(`${deed} is kept on record: --why ${problem}`);
}

function problemOf(text: string, longestText: number): string | undefined {
  if (text === "") return "is missing. Say it in a line.";
  if (text.length > longestText) return `has ${text.length} characters; ${longestText} are kept at the most.`;
  if (!text.isWellFormed() || /\p{Cc}/u.test(text)) return "has line breaks or control characters. Write one line.";
  return undefined;
}
