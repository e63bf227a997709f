/** What the demo's options may be: readers that throw an Error which says what to give instead. */
import { closeSync, openSync } from "node:fs";

/** Fewer events make fewer calls than the scheduled faults wait for. */
export const leastCountWithFaults = 200;

/** Help is no mistake. */
export function usageExitCode({ exitCode }: { readonly exitCode: number }): number {
  return exitCode === 0 ? 0 : 2;
}

export function wholeNumber(least: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (Number.isInteger(number) && number >= least && number <= 2 ** 31) return number;
    throw new Error(`Give a whole number from ${least}.`);
  };
}

/** A file that can be written to, which is found out at once. */
export function writableFile(file: string): string {
  try {
    closeSync(openSync(file, "a"));
    return file;
  } catch (error) {
    throw new Error(reasons.get((error as NodeJS.ErrnoException).code ?? "") ?? "It can't be written to.");
  }
}

const reasons: ReadonlyMap<string, string> = new Map([
  ["ENOENT", "Its folder doesn't exist: make the folder first, or name another one."],
  ["ENOTDIR", "Its folder is a file: name another one."],
  ["EISDIR", "It is a folder: name a file."],
  ["EACCES", "You may not write there: name another file."],
  ["EROFS", "Nothing can be written there: name another file."],
]);
