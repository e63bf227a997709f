/** The pipeline of `dev` as it is synthesized, for the tests of its parts. */
import type { LambdaName } from "../../../config/lambdas.ts";
import { statementsOf } from "../constructs/fixtures.ts";
import { resourcesOf, synthesizeEnvironments, type TerraformJson } from "../synthesized.ts";

export const stacks = synthesizeEnvironments();
export const pipeline = stacks["pipeline-dev"] as TerraformJson;

/** Arguments of every resource of a type. */
export const all = (type: string) => resourcesOf(pipeline, type).map(({ config }) => config);

/** Arguments of the resource of a type that has this name, under the argument that the type has for it. */
export const named = (type: string, name: string, key = "name") => all(type).find((config) => config[key] === name);

export function variablesOf(lambda: LambdaName): Record<string, string> {
  const { environment } = named("aws_lambda_function", `${lambda}-dev`, "function_name") ?? {};
  return (environment as { variables: Record<string, string> }).variables;
}

/** Action → resources that a role's own policy allows it for, over all its statements. */
export function permissionsOf(role: string): Record<string, string> {
  const policy = resourcesOf(pipeline, "aws_iam_role_policy").find(({ address }) =>
    address.includes(`${role}_role_policy`),
  );
  const permissions: Record<string, string> = {};
  for (const { Action: actions, Resource: resources } of statementsOf(policy?.config.policy)) {
    for (const action of actions as string[]) {
      permissions[action] = [permissions[action] ?? [], resources as string[]].flat().join(" ");
    }
  }
  return permissions;
}
