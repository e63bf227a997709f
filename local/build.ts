/** What has to be made before the runtime can start: function bundles, the worker, the synthesized stacks. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { build } from "esbuild";
import { bundleLambdas } from "../lambdas/bundle.ts";

/** The project's root. */
export const root = join(import.meta.dirname, "..");

export async function bundleAll(): Promise<void> {
  await Promise.all([bundleLambdas(root), bundleWorker()]);
}

async function bundleWorker(): Promise<void> {
  await build({
    entryPoints: [join(root, "local/lambda/worker.ts")],
    outfile: join(root, "dist/local/worker.cjs"),
    bundle: true,
    platform: "node",
    target: "node22",
    format: "cjs",
    sourcemap: "linked",
    logLevel: "warning",
  });
}

/** Synthesizes one environment with the project's own entry point, in a process of its own. */
export async function synthesize(environment: string): Promise<void> {
  const child = spawn(process.execPath, ["--import", "tsx", "main.ts"], {
    cwd: root,
    env: { ...process.env, ENVIRONMENT_SUFFIX: environment },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`Synthesizing ${environment} failed:\n${stderr}`);
}
