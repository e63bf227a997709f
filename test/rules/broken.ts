/** Ways to break a copy of the stacks, for the proof that a rule notices. Each breaks the last resource that fits. */
import type { Statement } from "./policies.ts";
import { anyOfType, referred, type StackResource, type Stacks } from "./stacks.ts";

/** Breaks the stacks that it is given, and gives a text that the rule has to say then. */
export type Breakage = (stacks: Stacks) => string;

type MutableConfig = Record<string, unknown>;

/** Which of the type; the last of them by default, so that a rule that looks at the first environment alone fails. */
type Which = (resource: StackResource) => boolean;

/** The last resource of a type that fits. */
export function lastOf(stacks: Stacks, type: string, which: Which = () => true): StackResource {
  const found = anyOfType(stacks, type).findLast(which);
  if (found === undefined) throw new Error(`no resource of type ${type} fits`);
  return found;
}

/** The arguments of a resource in a copy, to be written to. */
export function argumentsOf(resource: StackResource): MutableConfig {
  return resource.config as MutableConfig;
}

/** A block within arguments, the first of a list. */
export function blockIn(config: MutableConfig, name: string): MutableConfig {
  return [config[name]].flat()[0] as MutableConfig;
}

/** Edits a resource's arguments; the rule has to name the resource. */
export function change(type: string, edit: (config: MutableConfig) => unknown, which?: Which): Breakage {
  return (stacks) => {
    const resource = lastOf(stacks, type, which);
    edit(argumentsOf(resource));
    return resource.place;
  };
}

/** Gives a resource other arguments; the rule has to name the resource. */
export function set(type: string, replaced: MutableConfig, which?: Which): Breakage {
  return change(type, (config) => Object.assign(config, replaced), which);
}

/** Takes a resource away; the rule has to name the one that its argument refers to. */
export function remove(type: string, argument: string, which?: Which): Breakage {
  return (stacks) => {
    const resource = lastOf(stacks, type, which);
    const subject = referred(stacks, resource, resource.config[argument]);
    if (subject === undefined) throw new Error(`${resource.place} refers to nothing in ${argument}`);
    const ofItsType = stacks[resource.stack]?.resource?.[type] as MutableConfig;
    delete ofItsType[resource.address.slice(type.length + 1)];
    return subject.place;
  };
}

/** Adds a resource to a stack; the rule has to name it. */
export function add(stack: string, type: string, config: MutableConfig): Breakage {
  return (stacks) => {
    const resources = stacks[stack]?.resource ?? {};
    Object.assign(resources, { [type]: { ...resources[type], added: config } });
    return `${stack} ${type}.added`;
  };
}

type MutableStatement = { -readonly [Key in keyof Statement]: Statement[Key] };

/** Edits the first statement of a policy that fits; the rule has to name the resource that carries the policy. */
export function changeStatement(
  type: string,
  argument: string,
  which: (statement: Statement) => boolean,
  edit: (statement: MutableStatement, all: MutableStatement[]) => unknown,
): Breakage {
  return (stacks) => {
    const documentOf = ({ config }: StackResource) =>
      JSON.parse(String(config[argument])) as { readonly Statement: MutableStatement[] };
    const resource = lastOf(stacks, type, (each) => documentOf(each).Statement.some(which));
    const document = documentOf(resource);
    const statement = document.Statement.find(which);
    if (statement !== undefined) edit(statement, document.Statement);
    argumentsOf(resource)[argument] = JSON.stringify(document);
    return resource.place;
  };
}
