/**
 * Resolves the references of synthesized stacks as `terraform apply` would, so that every resource ends up with plain
 * values. Resolution is on demand: a reference pulls in what it names, in whatever stack it lies.
 */
import { type Arguments, isArguments } from "./block.ts";
import { TerraformError } from "./errors.ts";
import type { Reference } from "./expression.ts";
import { createOnce } from "./once.ts";
import { follow, type Place, partsOf, unknownReference, unsupportedExpression, where } from "./place.ts";
import type { Declaration, Stack } from "./read.ts";

/** A resource or data source whose arguments are resolved. */
export interface ConfiguredResource extends Declaration {
  /** Arguments with every expression resolved, without Terraform's own (`depends_on`, `lifecycle`, `provider` …). */
  readonly config: Arguments;
}

export interface ResolvedResource extends ConfiguredResource {
  /** What is known only after apply: ARN, id, URL. */
  readonly attributes: Arguments;
}

/**
 * What AWS would answer after apply, per type: `aws_sqs_queue`, or `data.aws_caller_identity` for a data source.
 * An attribute that is missing here is looked up among the resource's own arguments.
 */
export type ComputedAttributes = Readonly<Record<string, (resource: ConfiguredResource) => Arguments>>;

export interface ResolvedStacks {
  /** Resources and data sources (`mode` tells), dependencies first. */
  readonly resources: readonly ResolvedResource[];
  /** Stack name → output name → value. */
  readonly outputs: Readonly<Record<string, Arguments>>;
}

const metaArguments = new Set(["//", "depends_on", "lifecycle", "provider", "provisioner", "connection"]);
const repeatingArguments = ["count", "for_each", "dynamic"];
/** Scopes whose values exist only while Terraform runs, or that belong to what is not supported. */
const otherScopes = new Set(["path", "terraform", "each", "count", "self", "module"]);

/**
 * Resolves all stacks together.
 * @param variables values of Terraform variables; a variable that isn't among them takes its default
 * @throws TerraformError with every resource's and output's first problem
 */
export function resolveStacks(
  stacks: readonly Stack[],
  computed: ComputedAttributes,
  variables: Arguments = {},
): ResolvedStacks {
  return new Resolver(stacks, computed, variables).resolveAll();
}

class Resolver {
  readonly #stacks: readonly Stack[];
  readonly #computed: ComputedAttributes;
  readonly #variables: Arguments;
  readonly #declarations = new Map<string, Declaration>();
  readonly #byState = new Map<string, Stack>();
  readonly #resolved: ResolvedResource[] = [];
  readonly #once = createOnce();

  constructor(stacks: readonly Stack[], computed: ComputedAttributes, variables: Arguments) {
    this.#stacks = stacks;
    this.#computed = computed;
    this.#variables = variables;
    for (const stack of stacks) {
      if (stack.state !== undefined) this.#byState.set(stack.state, stack);
      for (const declaration of stack.declarations) {
        this.#declarations.set(`${stack.name}: ${declaration.address}`, declaration);
      }
    }
  }

  resolveAll(): ResolvedStacks {
    const problems = new Map<string, TerraformError>();
    const attempt = <T>(compute: () => T): T | undefined => {
      try {
        return compute();
      } catch (error) {
        if (!(error instanceof TerraformError)) throw error;
        problems.set(error.message, error);
        return undefined;
      }
    };
    const outputs: Record<string, Arguments> = {};
    for (const stack of this.#stacks) {
      for (const { address } of stack.declarations) attempt(() => this.#resource(stack, address));
      outputs[stack.name] = Object.fromEntries(
        Object.keys(stack.outputs).map((name) => [name, attempt(() => this.#output(stack, name))]),
      );
    }
    const [first, ...more] = problems.values();
    if (first && more.length === 0) throw first;
    if (first) throw new TerraformError(first.code, [...problems.keys()].join("\n"), [...problems.keys()]);
    return { resources: this.#resolved, outputs };
  }

  #resource(stack: Stack, address: string, from?: string): ResolvedResource {
    const key = `${stack.name}: ${address}`;
    const declaration = this.#declarations.get(key);
    if (!declaration) throw new TerraformError("UNKNOWN_REFERENCE", `${from}: ${stack.name} declares no ${address}.`);
    return this.#once(key, () => {
      const repeating = repeatingArguments.find((name) => name in declaration.config);
      if (repeating) throw new TerraformError("UNSUPPORTED", `${key}: ${repeating} is not supported locally.`);
      for (const dependency of dependenciesOf(declaration)) this.#resource(stack, dependency, key);
      const config = Object.fromEntries(
        Object.entries(declaration.config)
          .filter(([name]) => !metaArguments.has(name))
          .map(([name, value]) => [name, this.#value({ stack, address, path: name }, value)]),
      );
      const configured: ConfiguredResource = { ...declaration, config };
      const type = declaration.mode === "data" ? `data.${declaration.type}` : declaration.type;
      const resolved = { ...configured, attributes: this.#computed[type]?.(configured) ?? {} };
      this.#resolved.push(resolved);
      return resolved;
    });
  }

  #output(stack: Stack, name: string): unknown {
    const address = `output.${name}`;
    const output = stack.outputs[name];
    if (!isArguments(output)) throw new TerraformError("INVALID_STACK", `${stack.name}: ${address} is no object.`);
    return this.#once(`${stack.name}: ${address}`, () => this.#value({ stack, address, path: "value" }, output.value));
  }

  #value(place: Place, value: unknown): unknown {
    if (typeof value === "string") return this.#text(place, value);
    if (Array.isArray(value)) {
      return value.map((item, index) => this.#value({ ...place, path: `${place.path}[${index}]` }, item));
    }
    if (!isArguments(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, this.#value({ ...place, path: `${place.path}.${key}` }, item)]),
    );
  }

  /** A string that is one reference keeps the value's type, as in Terraform; inside text it has to be a scalar. */
  #text(place: Place, text: string): unknown {
    const parts = partsOf(place, text);
    const [only] = parts;
    if (parts.length === 1 && only !== undefined && typeof only !== "string") return this.#reference(place, only);
    return parts
      .map((part) => {
        if (typeof part === "string") return part;
        const value = this.#reference(place, part);
        if (["string", "number", "boolean"].includes(typeof value)) return String(value);
        throw new TerraformError("UNSUPPORTED", `${where(place)}: \${${part.source}} in a text is no scalar.`);
      })
      .join("");
  }

  #reference(place: Place, reference: Reference): unknown {
    const { stack } = place;
    const [scope, name, ...rest] = reference.segments;
    if (typeof scope !== "string" || otherScopes.has(scope))
      throw unsupportedExpression(place, `\${${reference.source}}`);
    if (typeof name !== "string") throw unsupportedExpression(place, `\${${reference.source}}`);
    if (scope === "var") return follow(place, reference, this.#variable(place, name), rest);
    if (scope === "local") {
      if (!Object.hasOwn(stack.locals, name)) throw unknownReference(place, reference);
      const address = `local.${name}`;
      const value = this.#once(`${stack.name}: ${address}`, () =>
        this.#value({ stack, address, path: "" }, stack.locals[name]),
      );
      return follow(place, reference, value, rest);
    }
    if (scope === "data" && name === "terraform_remote_state") return this.#remoteOutput(place, reference, rest);
    const isData = scope === "data";
    const address = isData ? `data.${name}.${rest[0]}` : `${scope}.${name}`;
    return this.#attribute(place, reference, address, isData ? rest.slice(1) : rest);
  }

  #attribute(place: Place, reference: Reference, address: string, path: Reference["segments"]): unknown {
    const [attribute, ...rest] = path;
    if (typeof attribute !== "string") throw unsupportedExpression(place, `\${${reference.source}}`);
    const { attributes, config } = this.#resource(place.stack, address, where(place));
    const value = attributes[attribute] ?? config[attribute];
    if (value === undefined) {
      throw new TerraformError(
        "MISSING_ATTRIBUTE",
        `${where(place)}: \${${reference.source}}: nobody supplies the attribute "${attribute}" of ${address}.`,
      );
    }
    return follow(place, reference, value, rest);
  }

  #remoteOutput(place: Place, reference: Reference, path: Reference["segments"]): unknown {
    const [id, outputs, name, ...rest] = path;
    const state = place.stack.remoteStates[String(id)];
    const stack = state === undefined ? undefined : this.#byState.get(state);
    if (!stack || outputs !== "outputs" || typeof name !== "string" || !Object.hasOwn(stack.outputs, name)) {
      throw unknownReference(place, reference);
    }
    return follow(place, reference, this.#output(stack, name), rest);
  }

  #variable(place: Place, name: string): unknown {
    const declared = place.stack.variables[name];
    const value = this.#variables[name] ?? (isArguments(declared) ? declared.default : undefined);
    if (value !== undefined) return value;
    throw new TerraformError("UNKNOWN_REFERENCE", `${where(place)}: var.${name} has neither a value nor a default.`);
  }
}

function dependenciesOf(declaration: Declaration): string[] {
  const dependencies = declaration.config.depends_on;
  if (!Array.isArray(dependencies)) return [];
  return dependencies.map(String).filter((address) => !address.startsWith("data.terraform_remote_state."));
}
