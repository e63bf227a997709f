/** Reads what CDKTF synthesized: one Terraform JSON document per stack. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Arguments, isArguments } from "./block.ts";
import { TerraformError } from "./errors.ts";

/** A resource or data source as written, expressions unresolved. */
export interface Declaration {
  readonly stack: string;
  readonly mode: "resource" | "data";
  readonly type: string;
  readonly name: string;
  /** `aws_sqs_queue.events`, or `data.aws_region.current`. Unique within its stack. */
  readonly address: string;
  readonly config: Arguments;
}

/** One synthesized stack. */
export interface Stack {
  /** Folder name, with the environment's suffix: `pipeline-dev`. */
  readonly name: string;
  /** In the order of the file, resources before data sources. Remote states are left out. */
  readonly declarations: readonly Declaration[];
  readonly outputs: Arguments;
  readonly variables: Arguments;
  readonly locals: Arguments;
  /** Where this stack's state lies, in the words of `remoteStates`; undefined without a backend. */
  readonly state: string | undefined;
  /** Other stacks' states that this one reads: id of the `terraform_remote_state` → where that state lies. */
  readonly remoteStates: Readonly<Record<string, string>>;
}

/**
 * The stacks `<directory>/stacks/*-<environment>/cdk.tf.json`, sorted by name.
 * @param directory CDKTF's output, `cdktf.out`
 * @throws TerraformError NOT_SYNTHESIZED, INVALID_STACK or UNSUPPORTED (a backend other than local and s3)
 */
export function readStacks(directory: string, environment: string): Stack[] {
  const folder = join(directory, "stacks");
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  const stacks = names
    // A capability is one word; what follows its hyphen is the environment, so "data-my-dev" isn't a stack of dev.
    .filter((name) => name.slice(name.indexOf("-") + 1) === environment)
    .map((name) => ({ name, file: join(folder, name, "cdk.tf.json") }))
    .filter(({ file }) => existsSync(file))
    .map(({ name, file }) => readStack(name, file));
  if (stacks.length === 0) {
    throw new TerraformError(
      "NOT_SYNTHESIZED",
      `No synthesized stack for the environment "${environment}" in ${folder}. Run "npm run synth" first.`,
    );
  }
  return stacks;
}

function readStack(name: string, file: string): Stack {
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new TerraformError("INVALID_STACK", `${file} is not JSON: ${String(cause)}`);
  }
  if (!isArguments(document)) throw new TerraformError("INVALID_STACK", `${file} does not hold an object.`);
  const section = (key: string) => (isArguments(document[key]) ? document[key] : {});
  const { terraform_remote_state: remoteStates, ...dataSources } = section("data");
  const backends = Object.entries(asArguments(section("terraform").backend));
  return {
    name,
    declarations: [...declarations(name, "resource", section("resource")), ...declarations(name, "data", dataSources)],
    outputs: section("output"),
    variables: section("variable"),
    locals: section("locals"),
    state: backends.map(([type, config]) => stateLocation(name, type, asArguments(config)))[0],
    remoteStates: Object.fromEntries(
      Object.entries(asArguments(remoteStates)).map(([id, state]) => {
        const { backend, config } = asArguments(state);
        return [id, stateLocation(name, String(backend), asArguments(config))];
      }),
    ),
  };
}

function declarations(stack: string, mode: Declaration["mode"], section: Arguments): Declaration[] {
  const prefix = mode === "data" ? "data." : "";
  return Object.entries(section).flatMap(([type, named]) =>
    Object.entries(asArguments(named)).map(([name, config]) => ({
      stack,
      mode,
      type,
      name,
      address: `${prefix}${type}.${name}`,
      config: asArguments(config),
    })),
  );
}

/** One text for one state: a stack's backend and another stack's remote state of it give the same. */
function stateLocation(stack: string, backend: string, config: Arguments): string {
  if (backend === "local") return `local:${config.path}`;
  if (backend === "s3") return `s3:${config.bucket}/${config.key}`;
  throw new TerraformError("UNSUPPORTED", `${stack}: the backend "${backend}" is not supported (local and s3 are).`);
}

function asArguments(value: unknown): Arguments {
  return isArguments(value) ? value : {};
}
