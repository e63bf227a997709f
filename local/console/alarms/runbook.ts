/** Sections of the runbook, by the anchors that links to it have. */
import { anchorOfHeading } from "../markdown.ts";

/** The section's text without its heading, up to the next heading of its level or above. Undefined where there is none. */
export function runbookSection(runbook: string, anchor: string): string | undefined {
  const lines = runbook.split("\n");
  const levels = levelsOf(lines);
  const begin = lines.findIndex((line, at) => levels[at] !== undefined && anchorOfHeading(line) === anchor);
  const level = levels[begin];
  if (level === undefined) return undefined;
  const rest = levels.slice(begin + 1);
  const length = rest.findIndex((other) => other !== undefined && other <= level);
  return lines
    .slice(begin + 1, length === -1 ? undefined : begin + 1 + length)
    .join("\n")
    .trim();
}

/** Each line's level as a heading; a line of code that begins with # is none. */
function levelsOf(lines: readonly string[]): readonly (number | undefined)[] {
  let isCode = false;
  return lines.map((line) => {
    if (/^\s*```/.test(line)) isCode = !isCode;
    return isCode ? undefined : /^(#{1,6})\s/.exec(line)?.[1]?.length;
  });
}
