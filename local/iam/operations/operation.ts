/** How the tables of this folder say which permissions a call needs. */
import { AwsError } from "../../aws/types.ts";

/** A command's input, as the SDK shapes it. */
export type Input = Readonly<Record<string, unknown>>;

/** Account and region that names without an ARN belong to. */
export interface Scope {
  readonly account: string;
  readonly region: string;
  /** Full ARN of a secret by its name: it ends in six random characters that the name doesn't have. */
  readonly secretArnOf?: (name: string) => string | undefined;
}

/** One permission that a call needs. */
export interface Requirement {
  /** `sqs:SendMessage`. */
  readonly action: string;
  /** ARN, or `*` for actions that aren't about one resource. */
  readonly resource: string;
  /** ARN of the resource that carries the policy and the KMS key: the table of an index, the bucket of an object. */
  readonly owner: string;
  /** Condition keys that this call's input sets, in lower case. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

export interface Operation {
  /** Every action that a call may need; `requires` names no other. */
  readonly actions: readonly string[];
  /** @throws AwsError ValidationException when the input lacks what names the resource. */
  readonly requires: (input: Input, scope: Scope) => readonly Requirement[];
}

export type OperationTable = Readonly<Record<string, Operation>>;

export type ResourceOf = (input: Input, scope: Scope) => Pick<Requirement, "resource" | "owner" | "context">;

/** An operation that needs one action on one resource. */
export function needs(action: string, resourceOf: ResourceOf): Operation {
  return { actions: [action], requires: (input, scope) => [{ action, ...resourceOf(input, scope) }] };
}

/** For resources that carry their policy and key themselves. */
export function itself(arn: string): ReturnType<ResourceOf> {
  return { resource: arn, owner: arn };
}

/** For actions that name no resource, such as listing. */
export const everything: ResourceOf = () => itself("*");

export function text(input: Input, member: string): string {
  const value = input[member];
  if (typeof value === "string" && value !== "") return value;
  throw new AwsError("ValidationException", `The request has no ${member}.`);
}

export function optionalText(input: Input, member: string): string | undefined {
  const value = input[member];
  return typeof value === "string" ? value : undefined;
}

function isObject(value: unknown): value is Input {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The objects of a list; anything else in it is the service's to refuse. */
export function objects(input: Input, member: string): readonly Input[] {
  const list = input[member];
  return Array.isArray(list) ? list.filter(isObject) : [];
}

export function object(input: Input, member: string): Input {
  const value = input[member];
  return isObject(value) ? value : {};
}
