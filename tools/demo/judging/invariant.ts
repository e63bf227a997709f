/** What has to hold, and how that is looked at. */
import type { Findings } from "./findings.ts";

export interface Invariant {
  readonly name: string;
  readonly ok: boolean;
  /** What was looked at, or what is wrong, with examples. */
  readonly detail: string;
}

/** One thing that has to hold. Pure. */
export interface Check {
  readonly name: string;
  look(findings: Findings): Look;
}

export interface Look {
  /** How much of what there was to look at. None of one of them proves nothing of it, so that fails. */
  readonly seen: Readonly<Record<string, number>>;
  /** What else the verdict says when all is well. */
  readonly note?: string;
  /** Everything that is wrong, each in a few words with the id. */
  readonly problems: readonly string[];
}

const maxExamples = 3;

export function verdictOf({ name, look }: Check, findings: Findings): Invariant {
  const { seen, note, problems } = look(findings);
  if (problems.length > 0) {
    const more = problems.length > maxExamples ? ` … (${problems.length})` : "";
    return { name, ok: false, detail: `${problems.slice(0, maxExamples).join("; ")}${more}` };
  }
  const unseen = Object.keys(seen).filter((what) => seen[what] === 0);
  if (unseen.length > 0) return { name, ok: false, detail: `there were no ${unseen.join(", no ")} to look at` };
  const counts = Object.entries(seen).map(([what, count]) => `${count} ${what}`);
  return { name, ok: true, detail: [...counts, ...(note === undefined ? [] : [note])].join(", ") };
}

export function missing(expected: Iterable<string>, actual: readonly string[]): string[] {
  const there = new Set(actual);
  return [...expected].filter((one) => !there.has(one));
}

/** Each occurrence beyond the first. */
export function repeated(values: readonly string[]): string[] {
  const seen = new Set<string>();
  return values.filter((value) => seen.size === seen.add(value).size);
}
