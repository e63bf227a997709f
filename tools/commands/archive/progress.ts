import { type Progress, plainProgress, terminalProgress } from "../../deploy/progress.ts";
import type { CommonOptions, Surroundings } from "../context.ts";

/** Work under way on standard error: in lines that move where somebody looks at it, else in plain ones. */
export function progressFor({ err, now }: Surroundings, { json }: CommonOptions): Progress {
  // Some that call themselves terminals have no width; lines that move would be one letter wide there.
  const isTerminal = process.stderr.isTTY === true && process.stderr.columns >= 40 && json !== true;
  return isTerminal ? terminalProgress(process.stderr) : plainProgress(err, now);
}
