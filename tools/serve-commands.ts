/**
 * Runs commands for a program: each line of standard input is `{"id", "args"}`, each line of standard output
 * `{"id", "exitCode", "out", "err"}`, as they end. The local runtime's console does by it what a person does by
 * `npm run cli`. Ends when standard input does.
 */
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { runCommandLine } from "./commands/program.ts";

interface Order {
  readonly id: number;
  readonly args: readonly string[];
}

async function run({ id, args }: Order): Promise<void> {
  const out: string[] = [];
  const err: string[] = [];
  let exitCode = 1;
  try {
    exitCode = await runCommandLine(args, {
      // Everything that says where to act is among the arguments.
      variables: {},
      width: 100,
      now: Date.now,
      sleep,
      out: (text) => out.push(text),
      err: (text) => err.push(text),
      ask: async () => undefined,
      askHidden: async () => undefined,
    });
  } catch (error) {
    err.push(error instanceof Error ? error.message : String(error));
  }
  console.log(JSON.stringify({ id, exitCode, out: out.join("\n"), err: err.join("\n") }));
}

createInterface({ input: process.stdin })
  .on("line", (line) => void run(JSON.parse(line) as Order))
  .once("close", () => process.exit(0));
