/** A file with a line of JSON for every event of a replay, written as it goes. */
import { closeSync, openSync, writeSync } from "node:fs";
import type { Told } from "../../replay/tally.ts";

export interface EventLog {
  add(told: Told): void;
  close(): void;
}

/** @throws Error of the file system, also where there is such a file: what was done before stays on record */
export function openEventLog(file: string): EventLog {
  const descriptor = openSync(file, "wx");
  return {
    add: ({ eventId, outcome, why }) => void writeSync(descriptor, `${JSON.stringify({ eventId, outcome, why })}\n`),
    close: () => closeSync(descriptor),
  };
}
