import type { Target } from "../aws/target.ts";
import { DeployError } from "./deploy-error.ts";
import { variablesFor } from "./place.ts";
import { readStacks } from "./stacks.ts";
import { synthesize } from "./synthesize.ts";
import { createTerraform } from "./terraform/run.ts";
import { createStackTerraform } from "./terraform/stack.ts";

export interface OutputReading {
  /** What reads the state: `terraform` or its like. */
  readonly program: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** URL of a deployed environment's webhook API; see deployedOutput. */
export function deployedApiUrl(target: Target, reading: OutputReading): Promise<string | undefined> {
  return deployedOutput(target, "WebhookApiUrl", reading);
}

/**
 * An output of a deployed environment's stack `pipeline`; undefined where it isn't deployed.
 *
 * @throws DeployError when the state can't be read
 */
export async function deployedOutput(
  target: Target,
  output: string,
  { program, variables }: OutputReading,
): Promise<string | undefined> {
  const { name } = target.settings;
  const told = variablesFor(target, variables);
  const root = process.cwd();
  await synthesize(root, name, told);
  const pipeline = readStacks(root, name).find(({ capability }) => capability === "pipeline");
  if (pipeline === undefined) throw new DeployError("configuration", `${name} has no stack pipeline.`);
  const interrupts = { requested: false, whenRequested: () => () => undefined, throwIfRequested() {}, close() {} };
  const stackTerraform = createStackTerraform({
    terraform: createTerraform({ program, variables: told, interrupts }),
    root,
    interrupts,
    pluginDirectory: variables.TF_PLUGIN_DIR || undefined,
    now: Date.now,
  });
  await stackTerraform.initialize(pipeline);
  return stackTerraform.output(pipeline, output);
}
