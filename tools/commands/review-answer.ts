import type { Decision } from "../../config/events.ts";
import { type Usage, usage } from "./result.ts";

/** A person's word on a review: the output that high-value-review waits for. */
export interface ReviewAnswer {
  readonly decision: Exclude<Decision, "REVIEW">;
  readonly by: string;
  readonly why: string;
  /** ISO 8601. */
  readonly at: string;
}

/** Longest name and reason that are kept; both end up in an item beside the score. */
const longestBy = 128;
const longestWhy = 1_000;

const words: ReadonlyMap<string, ReviewAnswer["decision"]> = new Map([
  ["approve", "APPROVE"],
  ["block", "BLOCK"],
]);

/** The answer before it is given: its time is the moment in which it is sent. */
export type TypedAnswer = Omit<ReviewAnswer, "at">;

/** Reads what was typed. A decision without a name or a reason is worth nothing to an auditor, so both are demanded. */
export function readAnswer(typed: {
  readonly word: string;
  readonly by: string;
  readonly why: string;
}): { readonly kind: "answer"; readonly answer: TypedAnswer } | Usage {
  const decision = words.get(typed.word.toLowerCase());
  if (decision === undefined) return usage(`Decide with approve or block, not "${typed.word}".`);
  const by = typed.by.trim();
  const why = typed.why.trim();
  const problem = problemOf("--by", by, longestBy) ?? problemOf("--why", why, longestWhy);
  if (problem !== undefined) return usage(problem);
  return { kind: "answer", answer: { decision, by, why } };
}

function problemOf(option: string, text: string, longest: number): string | undefined {
  const what = option === "--by" ? "who decides" : "why";
  if (text === "") return `${option} is empty: say ${what}, it is kept with the decision.`;
  const length = [...text].length;
  if (length > longest) return `${option} has ${length} characters; ${longest} are kept at the most. Say it shorter.`;
  if (!text.isWellFormed() || /[\p{Cc}\p{Cs}]/u.test(text))
    return `${option} has line breaks or control characters: write one line.`;
  return undefined;
}
