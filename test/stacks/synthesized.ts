/** Reads synthesized Terraform: of a construct alone, or of every stack of every environment. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Testing } from "cdktf";
import type { Construct } from "constructs";
import { type EnvironmentSettings, environments } from "../../config/environments.ts";
import { addEnvironment } from "../../stacks/addEnvironment.ts";
import type { EnvironmentContext } from "../../stacks/EnvironmentStack.ts";
import { readImageDigests } from "../../stacks/imageDigests.ts";

/** Arguments of a resource, as Terraform's JSON has them. */
export type Arguments = Readonly<Record<string, unknown>>;

/** Terraform's JSON of one stack. */
export interface TerraformJson {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Arguments>>>>;
  readonly data?: Readonly<Record<string, Readonly<Record<string, Arguments>>>>;
  readonly output?: Readonly<Record<string, Arguments>>;
  readonly provider?: Readonly<Record<string, readonly Arguments[]>>;
  readonly terraform?: Readonly<Record<string, Arguments>>;
}

export interface Resource {
  /** `<type>.<name>` */
  readonly address: string;
  readonly type: string;
  readonly config: Arguments;
}

/** The resources of a stack, of one type or all, in order of address. */
export function resourcesOf(json: TerraformJson, type?: string): Resource[] {
  return Object.entries(json.resource ?? {})
    .filter(([each]) => type === undefined || each === type)
    .flatMap(([each, byName]) =>
      Object.entries(byName).map(([name, config]) => ({ address: `${each}.${name}`, type: each, config })),
    )
    .sort((one, other) => (one.address < other.address ? -1 : 1));
}

/** The resource of a type when there is exactly one. */
export function onlyResource(json: TerraformJson, type: string): Arguments {
  const [first, ...more] = resourcesOf(json, type);
  if (first === undefined || more.length > 0) {
    throw new Error(`there are ${more.length + (first ? 1 : 0)} resources of type ${type}`);
  }
  return first.config;
}

/** Synthesizes a stack that holds only what `build` adds. */
export function synthesize(build: (scope: Construct) => void): TerraformJson {
  return JSON.parse(Testing.synthScope(build)) as TerraformJson;
}

/** Terraform's JSON by stack name (`data-dev`) of the environments, synthesized with validations as main.ts does. */
export function synthesizeEnvironments(
  settings: readonly EnvironmentSettings[] = Object.values(environments),
  context: Partial<EnvironmentContext> = {},
): Readonly<Record<string, TerraformJson>> {
  const outdir = mkdtempSync(join(tmpdir(), "cdktf-"));
  try {
    const app = new App({ outdir });
    for (const each of settings) {
      addEnvironment(app, { settings: each, tags: {}, imageDigests: readImageDigests("no such file"), ...context });
    }
    app.synth();
    return Object.fromEntries(
      Object.entries(app.manifest.stacks).map(([name, stack]) => [
        name,
        JSON.parse(readFileSync(join(outdir, stack.synthesizedStackPath), "utf8")) as TerraformJson,
      ]),
    );
  } finally {
    rmSync(outdir, { recursive: true });
  }
}
