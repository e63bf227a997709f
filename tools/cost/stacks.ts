/** The synthesized stacks of an environment, as far as finding and reading them goes. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

type Arguments = Readonly<Record<string, unknown>>;

export interface StackResource {
  /** `pipeline-prod` */
  readonly stack: string;
  readonly type: string;
  /** Terraform's name of it within the stack. */
  readonly name: string;
  readonly config: Arguments;
}

export interface Stacks {
  readonly environment: string;
  readonly region: string;
  /** When the oldest of them was written. */
  readonly synthesizedAt: Date;
  readonly names: readonly string[];
  readonly resources: readonly StackResource[];
}

/**
 * The stacks `<capability>-<environment>` below a folder such as `cdktf.out/stacks`; undefined when there is none.
 *
 * @throws Error when one is there that can't be read
 */
export function readStacks(folder: string, environment: string): Stacks | undefined {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => isOf(environment, name)) : [];
  const files = names.map((name) => join(folder, name, "cdk.tf.json"));
  if (files.length === 0) return undefined;
  const contents = files.map(terraformOf);
  return {
    environment,
    region: regionOf(contents[0]),
    synthesizedAt: new Date(Math.min(...files.map((file) => statSync(file).mtimeMs))),
    names,
    resources: contents.flatMap((content, at) => resourcesOf(names[at] ?? "", content)),
  };
}

/** Capabilities are single words; environments may have hyphens. */
function isOf(environment: string, stack: string): boolean {
  return stack.slice(stack.indexOf("-") + 1) === environment;
}

interface Terraform {
  readonly provider?: { readonly aws?: readonly { readonly region?: string }[] };
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Arguments>>>>;
}

function terraformOf(file: string): Terraform {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Terraform;
  } catch (cause) {
    throw new Error(`${file} can't be read. Run npm run synth again.`, { cause });
  }
}

function regionOf(content: Terraform | undefined): string {
  return content?.provider?.aws?.[0]?.region ?? "";
}

function resourcesOf(stack: string, { resource = {} }: Terraform): StackResource[] {
  return Object.entries(resource).flatMap(([type, byName]) =>
    Object.entries(byName).map(([name, config]) => ({ stack, type, name, config })),
  );
}
