/** Log lines for a terminal. */
import { countText } from "../../../lambdas/shared/report/counts.ts";
import type { Line } from "../../logs/line.ts";
import { printable } from "../text/table.ts";

/** As wide as the longest name of a stage that an event comes through on its usual way. */
const stageWidth = 27;
/** Causes of state machines are whole JSON texts; --json has them. */
const longestFact = 160;

/** "2026-11-20 20:44:58.557  webhook-validator       INFO   request answered  outcome=accepted ms=52" */
export function lineText({ at, stage, level = "", what, facts }: Line): string {
  const time = at.replace("T", " ").replace("Z", "");
  const told = Object.entries(facts).map(([name, value]) => `${name}=${shortened(value)}`);
  return printable(
    [time, stage.padEnd(stageWidth), level.padEnd(5), [what, ...(told.length > 0 ? [told.join(" ")] : [])].join("  ")]
      .join("  ")
      .trimEnd(),
  );
}

/** "12 lines of 5 stages in 1.204 s." */
export function summaryText(lines: readonly Line[]): string {
  const stages = new Set(lines.map(({ stage }) => stage)).size;
  const [first, last] = [lines[0], lines.at(-1)];
  if (first === undefined || last === undefined) return "No line.";
  const seconds = (Date.parse(last.at) - Date.parse(first.at)) / 1_000;
  return `${countText(lines.length, "line")} of ${countText(stages, "stage")} in ${seconds} s.`;
}

function shortened(value: string): string {
  return value.length > longestFact ? `${value.slice(0, longestFact)}…` : value;
}
