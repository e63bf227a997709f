/** A system's health for a terminal and for programs. */
import { timeText } from "../../../lambdas/shared/report/time.ts";
import type { Section, SectionState } from "../../health/section.ts";
import type { Hint } from "../hint.ts";
import { type CommandResult, failed } from "../result.ts";
import { printable } from "../text/table.ts";

interface Page {
  readonly environment: string;
  /** The target in words. */
  readonly place: string;
  readonly nowMs: number;
  readonly hint: Hint;
  /** Standard output, where the sections stand even if the answer is no. */
  readonly out: (text: string) => void;
}

const marks: Readonly<Record<SectionState, string>> = { ok: "ok", problem: "PROBLEM", unknown: "NOT KNOWN" };

/** Healthy is what was looked at as a whole and has no problem. */
export function healthResult(sections: readonly Section[], page: Page): CommandResult {
  const problems = sections.filter(({ state }) => state === "problem");
  const unknown = sections.filter(({ state }) => state === "unknown");
  const isHealthy = problems.length + unknown.length === 0;
  const at = new Date(page.nowMs).toISOString();
  const json = {
    environment: page.environment,
    at,
    isHealthy,
    sections: Object.fromEntries(
      sections.map(({ name, state, lines, data }) => [name, { state, summary: lines.join("; "), ...data }]),
    ),
  };
  // Nothing answers, or nobody is let in: said once, and not for each section.
  const reasons = new Set(unknown.flatMap(({ lines }) => lines));
  if (unknown.length === sections.length && reasons.size === 1) return failed(`Not known: ${[...reasons][0]}`, json);
  const table = sectionLines(sections);
  if (isHealthy) {
    return { kind: "done", text: [...table, "", `Healthy: ${page.place}, ${timeText(at)}.`].join("\n"), json };
  }
  page.out([...table, ...nextLines([...problems, ...unknown], page.hint)].join("\n"));
  const names = (some: readonly Section[]) => some.map(({ name }) => wordsOf(name)).join(", ");
  const verdicts = [
    ...(problems.length > 0 ? [`Not healthy: ${names(problems)}.`] : []),
    ...(unknown.length > 0 ? [`Not known: ${names(unknown)}.`] : []),
  ];
  return failed(verdicts.join(" "), json);
}

function sectionLines(sections: readonly Section[]): readonly string[] {
  const markWidth = Math.max(...Object.values(marks).map(({ length }) => length));
  const nameWidth = Math.max(...sections.map(({ name }) => name.length));
  return sections.flatMap(({ name, state, lines: [first = "", ...others] }) => [
    `${marks[state].padEnd(markWidth)}  ${wordsOf(name).padEnd(nameWidth)}  ${printable(first)}`,
    ...others.map((line) => `${" ".repeat(markWidth + nameWidth + 4)}${printable(line)}`),
  ]);
}

function nextLines(sections: readonly Section[], hint: Hint): readonly string[] {
  const lines = sections.flatMap(({ name, next }) =>
    next === undefined ? [] : [`${wordsOf(name)}: ${hint(...next)}`],
  );
  return lines.length === 0 ? [] : ["", "See more with", ...lines.map((line) => `  ${line}`)];
}

/** "dead-letters" is for programs. */
function wordsOf(name: string): string {
  return name.replaceAll("-", " ");
}
