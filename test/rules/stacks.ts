/** What rules look at: every resource of every stack of every environment, as Terraform will get it. */
import { type EnvironmentSettings, environments, selectEnvironments } from "../../config/environments.ts";
import { limits } from "../../config/limits.ts";
import { type Resource, resourcesOf, synthesizeEnvironments, type TerraformJson } from "../stacks/synthesized.ts";

/** Terraform's JSON by stack, `pipeline-dev`. */
export type Stacks = Readonly<Record<string, TerraformJson>>;

/** A pull request's environment, with as long a name as there can be. */
const [shortLived] = selectEnvironments("pr-".padEnd(limits.environmentNameLength, "9")) as [EnvironmentSettings];

/** What is optional and no known environment has, so that rules look at it as well. */
const whole: EnvironmentSettings = {
  ...environments.dev,
  name: "whole",
  usesAccountStackOf: "dev",
  vpc: { subnetIds: ["subnet-0a1b2c3d", "subnet-4e5f6a7b"], securityGroupIds: ["sg-0a1b2c3d"] },
  provisionedConcurrency: { "webhook-validator": 1, "webhook-dedup": 1, "workflow-claim": 1, "fraud-detector": 1 },
};

/** The known environments, a short-lived one, and one with everything. */
export const everyEnvironment: readonly EnvironmentSettings[] = [...Object.values(environments), shortLived, whole];

export const everyStack: Stacks = synthesizeEnvironments(everyEnvironment);

export interface StackResource extends Resource {
  /** `pipeline-dev` */
  readonly stack: string;
  /** `pipeline-dev aws_sqs_queue.…`: what problems begin with. */
  readonly place: string;
}

/** The environment of a stack, which its name says after the first hyphen. */
export function environmentOf(stack: string): EnvironmentSettings {
  const found = everyEnvironment.find(({ name }) => name === stack.slice(stack.indexOf("-") + 1));
  if (found === undefined) throw new Error(`${stack} belongs to no environment`);
  return found;
}

/** Rules ask again and again. */
const known = new WeakMap<Stacks, readonly StackResource[]>();

/** @throws Error when a stack has none: a rule over nothing would hold without saying anything. */
export function everyResource(stacks: Stacks): readonly StackResource[] {
  const found = known.get(stacks) ?? resourcesOfEach(stacks);
  known.set(stacks, found);
  return found;
}

function resourcesOfEach(stacks: Stacks): readonly StackResource[] {
  return Object.entries(stacks).flatMap(([stack, json]) => {
    const found = resourcesOf(json).map((resource) => ({ ...resource, stack, place: `${stack} ${resource.address}` }));
    if (found.length === 0) throw new Error(`${stack} has no resource`);
    return found;
  });
}

/**
 * The resources of a type; what an account has once for all of its environments is in the stack of one of them.
 *
 * @throws Error when an environment has none.
 */
export function ofType(stacks: Stacks, type: string): readonly StackResource[] {
  const found = everyResource(stacks).filter((resource) => resource.type === type);
  const isShared = found.length > 0 && found.every(({ stack }) => stack.startsWith("account-"));
  const without = environmentsOf(stacks).filter(
    (name) => !found.some(({ stack }) => environmentOf(stack).name === name),
  );
  if (!isShared && without.length > 0) throw new Error(`no resource of type ${type} in ${without.join(", ")}`);
  return found;
}

/** @throws Error when there is none at all; for types that not every environment has. */
export function anyOfType(stacks: Stacks, type: string): readonly StackResource[] {
  const found = everyResource(stacks).filter((resource) => resource.type === type);
  if (found.length === 0) throw new Error(`no resource of type ${type}`);
  return found;
}

function environmentsOf(stacks: Stacks): readonly string[] {
  return [...new Set(Object.keys(stacks).map((stack) => environmentOf(stack).name))];
}

/** Places of the resources of a type that break a rule. */
export function breaking(
  stacks: Stacks,
  type: string,
  isBroken: (resource: StackResource) => boolean,
): readonly string[] {
  return ofType(stacks, type)
    .filter(isBroken)
    .map(({ place }) => place);
}

/** The resources that the references in a text (`${aws_sqs_queue.x.arn}`) name, in other stacks as well. */
export function referredIn(stacks: Stacks, stack: string, text: string): readonly StackResource[] {
  const own = [...text.matchAll(/\$\{(aws_\w+\.[\w-]+)\.[\w.]+\}/g)].flatMap(([, address]) =>
    everyResource(stacks).filter((resource) => resource.stack === stack && resource.address === address),
  );
  const others = [...text.matchAll(/\.cross-stack-reference-input-([\w-]+)\.outputs\.([\w-]+)\}/g)].flatMap(
    ([, other = "", output = ""]) => referredIn(stacks, other, String(stacks[other]?.output?.[output]?.value)),
  );
  return [...own, ...others];
}

/** The resource that an argument of another one names. */
export function referred(stacks: Stacks, from: StackResource, reference: unknown): StackResource | undefined {
  return referredIn(stacks, from.stack, JSON.stringify(reference ?? ""))[0];
}

/** The function that an argument names, by an alias of it as well. */
export function functionOf(stacks: Stacks, from: StackResource, reference: unknown): StackResource | undefined {
  const named = referred(stacks, from, reference);
  return named?.type === "aws_lambda_alias" ? referred(stacks, named, named.config.function_name) : named;
}
