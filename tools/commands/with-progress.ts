import { plainProgress, terminalProgress } from "../deploy/progress.ts";
import type { CommonOptions, Surroundings } from "./context.ts";

/** Shows on standard error how far one piece of work is; `run` ends with a line about it and its value. */
export async function withProgress<T>(
  { err, now }: Pick<Surroundings, "err" | "now">,
  { json }: CommonOptions,
  {
    title,
    run,
  }: {
    readonly title: string;
    readonly run: (tell: (text: string) => void) => Promise<{ readonly text: string; readonly value: T }>;
  },
): Promise<T | undefined> {
  // Some that call themselves terminals have no width; lines that move would be one letter wide there.
  const isTerminal = process.stderr.isTTY === true && process.stderr.columns >= 40 && json !== true;
  const progress = isTerminal ? terminalProgress(process.stderr) : plainProgress(err, now);
  const [value] = await progress.run([{ title, run }], "in turn");
  return value;
}
