import { spawn } from "node:child_process";
import { join } from "node:path";

/**
 * Synthesizes one environment with the project's own entry point, in a process of its own.
 *
 * @returns what it said when it failed; undefined when it went well
 */
export async function synthesize(
  environment: string,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  const child = spawn(process.execPath, ["--import", "tsx", "main.ts"], {
    cwd: join(import.meta.dirname, "../.."),
    env: { ...variables, ENVIRONMENT_SUFFIX: environment },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  const code = await new Promise((resolve) => child.once("close", resolve));
  return code === 0 ? undefined : said.trim();
}
