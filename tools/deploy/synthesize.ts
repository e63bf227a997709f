import { spawn } from "node:child_process";
import { join } from "node:path";
import { DeployError } from "./deploy-error.ts";

/** Where the project's programs are. */
export const projectRoot = join(import.meta.dirname, "../..");

/**
 * Synthesizes one environment with the project's own entry point, in a process of its own. It runs in `root`, whose
 * image digests it takes, and writes into `output`, whatever the variable CDKTF_OUTDIR says.
 *
 * @returns what the entry point said besides: that the environment is a short-lived one, for example
 * @throws DeployError "configuration" with the entry point's own message when a setting is wrong
 */
export async function synthesize(
  root: string,
  environment: string,
  variables: Readonly<Record<string, string | undefined>>,
  output = join(root, "cdktf.out"),
): Promise<string> {
  const args = ["--import", import.meta.resolve("tsx"), join(projectRoot, "main.ts")];
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...variables, ENVIRONMENT_SUFFIX: environment, CDKTF_OUTDIR: output },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  const code = await new Promise((resolve) => child.once("close", resolve));
  // 2 is a wrong setting, which the message names; anything else is a bug, whose stack is wanted.
  if (code === 2) throw new DeployError("configuration", said.trim());
  if (code !== 0) throw new Error(`Synthesizing ${environment} failed:\n${said}`);
  return said.trim();
}
