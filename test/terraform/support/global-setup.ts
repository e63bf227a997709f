/**
 * Once before the tests: synthesizes every environment, finds Terraform and what goes with it, and says plainly when
 * the tests can't run here. In CI, a machine that has Terraform has to run them.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findTools, type Tools } from "./find-tools.ts";
import { announceSession, environmentNames, synthesizedFolder } from "./session.ts";
import { Terraform } from "./terraform-run.ts";
import { stacksOf, synthesizeWorkspace } from "./workspace.ts";

export default async function globalSetup(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "terraform-tests-"));
  removeAtTheEnd(folder);
  for (const environment of environmentNames) {
    synthesizeWorkspace(synthesizedFolder(folder, environment), environment);
  }
  const found = findTools(process.env, providerVersion(synthesizedFolder(folder, "dev")));
  if (found.kind === "missing") {
    if (found.hasTerraform && process.env.CI === "true") {
      throw new Error(`CI=true, and this machine has Terraform, but its tests can't run: ${found.reason}.`);
    }
    console.log(`Tests with real Terraform are skipped: ${found.reason}.`);
    announceSession({ folder, found });
    return;
  }
  const pluginDir = await unpackProvider(join(folder, "provider"), found.tools);
  announceSession({ folder, found: { kind: "found", tools: { ...found.tools, pluginDir } } });
}

/** The tests keep everything that they write in this folder: states, plans, Terraform's own files. */
function removeAtTheEnd(folder: string): void {
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  process.once("SIGINT", () => process.exit(130));
  process.once("SIGTERM", () => process.exit(143));
}

/** The version that the stacks ask for. */
function providerVersion(workspace: string): string {
  const providers = stacksOf(workspace)[0]?.json.terraform?.required_providers as
    | { readonly aws?: { readonly version: string } }
    | undefined;
  const version = providers?.aws?.version ?? "none";
  if (!/^\d+\.\d+\.\d+$/.test(version))
    throw new Error(`The stacks ask for provider version ${version}, not an exact one.`);
  return version;
}

/**
 * Has Terraform install the provider once, from a packed mirror or an unpacked one. Where it put it is an unpacked
 * mirror by itself, from which all stacks' folders only get links.
 */
async function unpackProvider(folder: string, tools: Tools): Promise<string> {
  mkdirSync(folder);
  writeFileSync(
    join(folder, "main.tf.json"),
    JSON.stringify({ terraform: { required_providers: { aws: { source: "aws" } } } }),
  );
  await new Terraform(tools, "http://127.0.0.1:9", process.env).init(folder);
  return join(folder, ".terraform/providers");
}
