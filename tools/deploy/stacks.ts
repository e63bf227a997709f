/** The synthesized stacks, as plain Terraform sees them: folders with a cdk.tf.json each. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { DeployError } from "./deploy-error.ts";

export interface StackFolder {
  /** `<capability>-<environment>`. */
  readonly name: string;
  readonly capability: string;
  /** Where Terraform runs. */
  readonly directory: string;
  /** The same, as a person at the project's root would type it. */
  readonly shown: string;
  /** Names of the stacks that have to be deployed before. */
  readonly dependencies: readonly string[];
  readonly backend: { readonly type: string; readonly bucket?: string | undefined };
  /** Functions whose image is the placeholder of zeros, since nobody has built it. */
  readonly functionsWithoutImage: readonly string[];
}

const manifestSchema = v.object({
  stacks: v.record(v.string(), v.object({ dependencies: v.array(v.string()), workingDirectory: v.string() })),
});

const stackSchema = v.object({
  terraform: v.object({ backend: v.record(v.string(), v.object({ bucket: v.optional(v.string()) })) }),
  resource: v.optional(
    v.object({
      aws_lambda_function: v.optional(
        v.record(v.string(), v.object({ function_name: v.string(), image_uri: v.optional(v.string(), "") })),
        {},
      ),
    }),
    {},
  ),
});

/**
 * The stacks of an environment, from `<root>/cdktf.out`, each after those that it depends on.
 *
 * @throws DeployError "configuration" when nothing of the environment is there
 */
export function readStacks(root: string, environment: string): readonly StackFolder[] {
  const output = join(root, "cdktf.out");
  const { stacks } = v.parse(manifestSchema, JSON.parse(readFileSync(join(output, "manifest.json"), "utf8")));
  const suffix = `-${environment}`;
  // Capabilities are single words, so "data-eu" isn't a stack of the environment "eu" but "data" of it.
  const own = Object.entries(stacks).filter(([name]) => name.slice(name.indexOf("-")) === suffix);
  if (own.length === 0) {
    throw new DeployError(
      "configuration",
      `The synthesis made no stack of ${environment}: see config/environments.ts.`,
    );
  }
  const folders = own.map(([name, { dependencies, workingDirectory }]) =>
    readStack({
      name,
      dependencies,
      directory: join(output, workingDirectory),
      shown: join("cdktf.out", workingDirectory),
    }),
  );
  return inOrder(folders);
}

function readStack(place: Pick<StackFolder, "name" | "dependencies" | "directory" | "shown">): StackFolder {
  const content = v.parse(stackSchema, JSON.parse(readFileSync(join(place.directory, "cdk.tf.json"), "utf8")));
  const [type = "local", { bucket } = {}] = Object.entries(content.terraform.backend)[0] ?? [];
  const functions = Object.values(content.resource.aws_lambda_function);
  return {
    ...place,
    capability: place.name.slice(0, place.name.indexOf("-")),
    backend: { type, bucket },
    functionsWithoutImage: functions
      .filter(({ image_uri }) => image_uri.endsWith(`@sha256:${"0".repeat(64)}`))
      .map(({ function_name }) => function_name),
  };
}

/** Dependencies first, otherwise as given. CDKTF has refused circles at synthesis. */
function inOrder(folders: readonly StackFolder[]): readonly StackFolder[] {
  return wavesOf(folders).flat();
}

/**
 * Groups of stacks that can be deployed at a time: each depends on none but those of earlier groups. Dependencies that
 * aren't among the stacks count as deployed.
 */
export function wavesOf(stacks: readonly StackFolder[]): readonly (readonly StackFolder[])[] {
  const waves: StackFolder[][] = [];
  let waiting = [...stacks];
  while (waiting.length > 0) {
    const names = new Set(waiting.map(({ name }) => name));
    const wave = waiting.filter(({ dependencies }) => !dependencies.some((name) => names.has(name)));
    if (wave.length === 0) throw new Error(`Stacks depend on each other in a circle: ${[...names].join(", ")}`);
    waves.push(wave);
    waiting = waiting.filter((stack) => !wave.includes(stack));
  }
  return waves;
}

/** @throws DeployError "missing-digest" when a function's image hasn't been built */
export function checkDigests(stacks: readonly StackFolder[], environment: string): void {
  const missing = stacks.flatMap(({ functionsWithoutImage }) => functionsWithoutImage);
  if (missing.length === 0) return;
  throw new DeployError(
    "missing-digest",
    `Missing image digest for ${missing.join(", ")}: run images first (npm run cli -- images --env ${environment}), or leave out --images skip.`,
  );
}
