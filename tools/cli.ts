/** `npm run cli`. Looks at Node's version before anything that an older one couldn't load. */
import { nodeVersionProblem } from "../config/node-version.ts";

const problem = nodeVersionProblem(process.versions.node, "npm run cli");
if (problem !== undefined) {
  console.error(problem);
  process.exit(2);
}
const { createInterface } = await import("node:readline/promises");
const { setTimeout: sleep } = await import("node:timers/promises");
const { runCommandLine } = await import("./commands/program.ts");
const { readHidden } = await import("./hidden-input.ts");

/** The question goes to standard error: standard output is for results. */
async function ask(question: string): Promise<string | undefined> {
  if (!process.stdin.isTTY) return undefined;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question);
  } catch (error) {
    // Ctrl-C at a question is an answer, and no yes.
    if (error instanceof Error && error.name === "AbortError") return "";
    throw error;
  } finally {
    terminal.close();
  }
}

/** Not process.exit, which would cut off what a pipe hasn't taken yet. */
process.exitCode = await runCommandLine(process.argv.slice(2), {
  variables: process.env,
  width: Math.max(80, process.stdout.columns ?? 0),
  now: Date.now,
  sleep,
  out: (text) => console.log(text),
  err: (text) => console.error(text),
  ask,
  askHidden: (question) => readHidden(question, process.stdin, (text) => process.stderr.write(text)),
});
