/**
 * Bundles the functions and synthesizes the dev stacks once before the tests, in a process of its own, since that code
 * is ES modules. When nothing has changed since the last time, it costs a look at the sources' times.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "../..");
const stamp = join(root, "dist/built-for-tests");
const products = [
  "dist/local/worker.cjs",
  "dist/lambdas/webhook-dedup/index.cjs",
  "cdktf.out/stacks/pipeline-dev/cdk.tf.json",
];
const sources = ["config", "lambdas", "local", "stacks", "workflows", "main.ts", "package-lock.json"];

const script =
  'import { bundleAll, synthesize } from "./local/build.ts"; await Promise.all([bundleAll(), synthesize("dev")]);';

export default function globalSetup(): void {
  if (isFresh()) return;
  const { status, stderr } = spawnSync(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", script], {
    cwd: root,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`Bundling and synthesizing for the tests failed:\n${stderr}`);
  writeFileSync(stamp, "");
}

function isFresh(): boolean {
  if (!existsSync(stamp) || !products.every((path) => existsSync(join(root, path)))) return false;
  const builtAt = statSync(stamp).mtimeMs;
  return sources.flatMap(filesOf).every((file) => statSync(file).mtimeMs < builtAt);
}

function filesOf(source: string): string[] {
  const path = join(root, source);
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, encoding: "utf8" }).map((name) => join(path, name));
}
