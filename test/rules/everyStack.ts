/** What rules look at: every resource of every stack of every environment, as Terraform will get it. */
import { type EnvironmentSettings, environments, selectEnvironments } from "../../config/environments.ts";
import { limits } from "../../config/limits.ts";
import { type Resource, resourcesOf, synthesizeEnvironments, type TerraformJson } from "../stacks/synthesized.ts";

/** A pull request's environment, with as long a name as there can be. */
const [shortLived] = selectEnvironments("pr-".padEnd(limits.environmentNameLength, "9")) as [EnvironmentSettings];

/** The known environments, and a short-lived one. */
export const everyEnvironment: readonly EnvironmentSettings[] = [...Object.values(environments), shortLived];

export const stacks: Readonly<Record<string, TerraformJson>> = synthesizeEnvironments(everyEnvironment);

/** The environment of a stack, which its name says after the first hyphen. */
export function environmentOf(stack: string): EnvironmentSettings {
  const found = everyEnvironment.find(({ name }) => name === stack.slice(stack.indexOf("-") + 1));
  if (found === undefined) throw new Error(`${stack} belongs to no environment`);
  return found;
}

export interface StackResource extends Resource {
  /** `pipeline-dev` */
  readonly stack: string;
  /** `pipeline-dev aws_sqs_queue.…`: for messages of failed expectations. */
  readonly place: string;
}

export const resources: readonly StackResource[] = Object.entries(stacks).flatMap(([stack, json]) =>
  resourcesOf(json).map((resource) => ({ ...resource, stack, place: `${stack} ${resource.address}` })),
);

/** @throws Error when there is none: a rule over nothing would hold without saying anything. */
export function ofType(type: string): readonly StackResource[] {
  const found = resources.filter((resource) => resource.type === type);
  if (found.length === 0) throw new Error(`no stack has a resource of type ${type}`);
  return found;
}

/** The resource whose attribute a reference such as `${aws_sqs_queue.x.arn}` names, in the same stack. */
export function referred(from: StackResource, reference: unknown): StackResource | undefined {
  const address = /^\$\{(\w+\.[\w-]+)\.\w+\}$/.exec(String(reference))?.[1];
  return resources.find((resource) => resource.stack === from.stack && resource.address === address);
}

/** Places of the resources that break a rule; an expectation compares it with an empty list. */
export function breaking(type: string, isBroken: (resource: StackResource) => boolean): readonly string[] {
  return ofType(type)
    .filter(isBroken)
    .map(({ place }) => place);
}

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Principal?: unknown;
  readonly Action: readonly string[];
  readonly Resource?: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface PlacedStatement extends Statement {
  readonly resource: StackResource;
}

/** The statements of every policy of the stacks, of whatever kind. */
export const statements: readonly PlacedStatement[] = resources.flatMap((resource) =>
  ["policy", "assume_role_policy", "policy_document"].flatMap((argument) => {
    const text = resource.config[argument];
    const document = typeof text === "string" && text.includes('"Statement"') ? JSON.parse(text) : { Statement: [] };
    return (document.Statement as Statement[]).map((statement) => ({ ...statement, resource }));
  }),
);
