/**
 * Folders that look like the project after a synthesis: `cdktf.out/stacks/<stack>/cdk.tf.json`, and beside `cdktf.out`
 * the local states, where the stacks' backends put them. One for each environment.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TerraformJson } from "../../stacks/synthesized.ts";
import { moto } from "./terraform-run.ts";

const root = join(__dirname, "../../..");

export interface Stack {
  /** `<capability>-<environment>` */
  readonly name: string;
  /** Where Terraform runs. */
  readonly folder: string;
  /** Local state of the stack. */
  readonly stateFile: string;
  /** Names of the stacks that are deployed before it. */
  readonly dependencies: readonly string[];
  readonly json: TerraformJson;
}

/**
 * Synthesizes an environment into a folder, as `npm run synth` does, without the settings of whoever runs the tests.
 *
 * @throws Error with what the synthesis said when it fails.
 */
export function synthesizeWorkspace(folder: string, environment: string): void {
  mkdirSync(folder, { recursive: true });
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", "main.ts"], {
    cwd: root,
    encoding: "utf8",
    env: { PATH: process.env.PATH ?? "", ENVIRONMENT_SUFFIX: environment, CDKTF_OUTDIR: join(folder, "cdktf.out") },
  });
  if (status !== 0) throw new Error(`The synthesis of ${environment} ended with code ${status}:\n${stdout}${stderr}`);
}

/** A copy for one test file, since Terraform writes into the folders. */
export function copyWorkspace(from: string, to: string): string {
  cpSync(from, to, { recursive: true });
  return to;
}

/** The stacks that the manifest of a synthesis names, each after those that it depends on. */
export function stacksOf(workspace: string): readonly Stack[] {
  const out = join(workspace, "cdktf.out");
  const manifest = JSON.parse(readFileSync(join(out, "manifest.json"), "utf8")) as {
    readonly stacks: Readonly<
      Record<string, { readonly name: string; readonly workingDirectory: string; readonly dependencies: string[] }>
    >;
  };
  const stacks = Object.values(manifest.stacks).map(({ name, workingDirectory, dependencies }) => {
    const folder = join(out, workingDirectory);
    const json = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")) as TerraformJson;
    return { name, folder, stateFile: join(workspace, `terraform.${name}.tfstate`), dependencies, json };
  });
  return wavesOf(stacks).flat();
}

/** Stacks that can be deployed at a time: those of a wave depend on earlier waves only. */
export function wavesOf<T extends Pick<Stack, "name" | "dependencies">>(
  stacks: readonly T[],
): readonly (readonly T[])[] {
  const done = new Set<string>();
  const waves: (readonly T[])[] = [];
  while (done.size < stacks.length) {
    const wave = stacks.filter(
      ({ name, dependencies }) => !done.has(name) && dependencies.every((each) => done.has(each)),
    );
    if (wave.length === 0) throw new Error("the stacks depend on each other in a circle, or on one that isn't there");
    for (const { name } of wave) done.add(name);
    waves.push(wave);
  }
  return waves;
}

/**
 * Writes a state for a stack that isn't deployed, with values of the right form for its outputs: then the stacks that
 * refer to them can be planned.
 */
export function writeStandInState({ json, stateFile }: Pick<Stack, "json" | "stateFile">): void {
  if (existsSync(stateFile)) throw new Error(`${stateFile} is there already`);
  const outputs = Object.entries(json.output ?? {}).map(([name, { value, sensitive = false }]) => [
    name,
    { value: standIn(String(value)), type: "string", sensitive },
  ]);
  const state = {
    version: 4,
    terraform_version: "1.11.0",
    serial: 1,
    lineage: "stand-in",
    outputs: Object.fromEntries(outputs),
    resources: [],
  };
  writeFileSync(stateFile, JSON.stringify(state));
}

/** Of `${aws_sqs_queue.webhook-events.arn}`: an ARN for what ends in `arn`, else a name. */
function standIn(reference: string): string {
  const [, name = "stand-in", attribute = ""] = /^\$\{\w+\.([\w-]+)\.(\w+)\}$/.exec(reference) ?? [];
  const resource = name.toLowerCase().replaceAll("_", "-");
  return attribute.endsWith("arn") ? `arn:aws:service:${moto.region}:${moto.account}:${resource}` : resource;
}
