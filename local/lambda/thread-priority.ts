import { readlinkSync } from "node:fs";
import { constants, getPriority, setPriority } from "node:os";
import { basename } from "node:path";

/**
 * Lets the calling thread run only when the others leave it a core. On AWS each environment has cores of its own; here
 * all share a few, and a function that works off a queue would delay the answers that providers wait for. Linux gives
 * each thread its own priority; elsewhere nothing happens, and answers come later under load.
 */
export function lowerThreadPriority(): void {
  if (process.platform !== "linux") return;
  // `<process>/task/<thread>` of whoever reads it: the calls of node:fs that block run on the calling thread.
  const thread = Number(basename(readlinkSync("/proc/thread-self")));
  setPriority(thread, Math.min(constants.priority.PRIORITY_LOW, getPriority() + 10));
}
