/** The statements of every policy in the stacks, of whatever kind. */
import { everyResource, type StackResource, type Stacks } from "./stacks.ts";

/** IAM takes one text as well as a list, and its opposites (`NotAction`); rules get lists, empty for an opposite. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Principal?: unknown;
  readonly Action: readonly string[];
  readonly Resource?: readonly string[];
  readonly NotPrincipal?: unknown;
  readonly NotAction?: unknown;
  readonly NotResource?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** What a role may do, who may take it, who may use a key, who may use anything else. */
type PolicyKind = "role" | "trust" | "key" | "resource";

export interface PlacedStatement extends Statement {
  readonly kind: PolicyKind;
  readonly resource: StackResource;
}

/** The arguments that statements are read from. */
export const policyArguments: readonly string[] = ["policy", "assume_role_policy", "policy_document"];

/** @throws Error when there is none of the kinds asked for, or of any. */
export function statementsIn(stacks: Stacks, ...kinds: readonly PolicyKind[]): readonly PlacedStatement[] {
  const found = everyResource(stacks).flatMap(statementsOf);
  const asked = found.filter(({ kind }) => kinds.length === 0 || kinds.includes(kind));
  if (asked.length === 0) throw new Error(`no policy of a ${kinds.join(" or ") || "resource"}`);
  return asked;
}

export function allowing(stacks: Stacks, ...kinds: readonly PolicyKind[]): readonly PlacedStatement[] {
  return statementsIn(stacks, ...kinds).filter(({ Effect: effect }) => effect === "Allow");
}

/** `<place>: <actions> on <resources>`: what problems begin with. */
export function textOf({ resource, Action: actions, Resource: on }: PlacedStatement): string {
  return `${resource.place}: ${actions.join()}${on === undefined ? "" : ` on ${on.join()}`}`;
}

/** The AWS services that a statement of a resource's policy lets in. */
export function servicesOf({ Principal: principal }: Statement): readonly string[] {
  const { Service: service = [] } = (principal ?? {}) as { Service?: string | readonly string[] };
  return [service].flat();
}

/** The values that a condition key has to have; none when there is no such condition. */
export function conditionsOn(statement: Statement, key: string): readonly string[] {
  return Object.values(statement.Condition ?? {}).flatMap((keys) => (keys[key] ?? []) as string | readonly string[]);
}

/** A statement as IAM takes it. */
interface WrittenStatement extends Omit<Statement, "Action" | "Resource"> {
  readonly Action?: string | readonly string[];
  readonly Resource?: string | readonly string[];
}

function statementsOf(resource: StackResource): readonly PlacedStatement[] {
  if (resource.type === "aws_lambda_permission") return [ofLambdaPermission(resource)];
  return policyArguments.flatMap((argument) => {
    const text = resource.config[argument];
    if (typeof text !== "string" || !text.includes('"Statement"')) return [];
    const { Statement: statements } = JSON.parse(text) as { readonly Statement: WrittenStatement | WrittenStatement[] };
    const kind = kindOf(resource, argument);
    return [statements].flat().map(({ Resource: on, ...statement }) => ({
      ...statement,
      Action: [statement.Action ?? []].flat(),
      ...(on !== undefined && { Resource: [on].flat() }),
      kind,
      resource,
    }));
  });
}

function kindOf({ type }: StackResource, argument: string): PolicyKind {
  if (argument === "assume_role_policy") return "trust";
  if (type === "aws_kms_key") return "key";
  return /^aws_iam_(role_)?policy$/.test(type) ? "role" : "resource";
}

/** The statement that Lambda's AddPermission writes. */
function ofLambdaPermission(resource: StackResource): PlacedStatement {
  const { action, principal, function_name: name, source_arn: sourceArn, source_account: account } = resource.config;
  return {
    kind: "resource",
    resource,
    Effect: "Allow",
    Principal: { Service: String(principal) },
    Action: [String(action)],
    Resource: [String(name)],
    Condition: {
      ...(sourceArn !== undefined && { ArnLike: { "aws:SourceArn": sourceArn } }),
      ...(account !== undefined && { StringEquals: { "aws:SourceAccount": account } }),
    },
  };
}
