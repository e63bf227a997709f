/**
 * Reads policy documents as IAM does and compiles them once. Source: IAM User Guide, "Grammar of the IAM JSON policy
 * language".
 */
import { type Condition, compileCondition } from "./conditions.ts";
import { MalformedPolicyError } from "./errors.ts";
import { compilePattern, type Pattern } from "./pattern.ts";
import { compilePrincipals, type Principals } from "./principals.ts";

/** A policy as Terraform and the AWS APIs carry it: JSON text, or its object. */
export type PolicyDocument = string | Readonly<Record<string, unknown>>;

/** Identity policies say what a role may do; a resource's policy and a role's trust policy say who may. */
export type PolicyKind = "identity" | "resource" | "trust";

export interface PatternList {
  /** NotAction or NotResource. */
  readonly negated: boolean;
  readonly patterns: readonly Pattern[];
}

export interface Statement {
  readonly sid: string | undefined;
  /** For messages: `statement "Send" of webhook-dedup-dev's policies`, by its index when it has no Sid. */
  readonly id: string;
  readonly effect: "Allow" | "Deny";
  readonly actions: PatternList;
  /** Undefined in trust policies: the resource is the role itself. */
  readonly resources: PatternList | undefined;
  /** Undefined in identity policies. */
  readonly principals: Principals | undefined;
  readonly conditions: readonly Condition[];
  /** Keys of all policy variables: while one has no value, the statement applies to nothing. */
  readonly variables: readonly string[];
}

export interface Policy {
  readonly statements: readonly Statement[];
}

type Json = Readonly<Record<string, unknown>>;

const policyKeys = new Set(["Version", "Id", "Statement"]);
const statementKeys = new Set(
  "Sid Effect Action NotAction Resource NotResource Principal NotPrincipal Condition".split(" "),
);

function objectAt(value: unknown, path: string): Json {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Json;
  throw new MalformedPolicyError(path, "is not an object");
}

/** One text or a list of at least one; conditions may also hold numbers and booleans. */
function textsAt(value: unknown, path: string): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length === 0) throw new MalformedPolicyError(path, "is empty");
  return list.map((item, index) => {
    if (typeof item === "string") return item;
    if (typeof item === "number" || typeof item === "boolean") return String(item);
    throw new MalformedPolicyError(list === value ? `${path}[${index}]` : path, "is not a text");
  });
}

function onlyKeys(json: Json, known: ReadonlySet<string>, path: string): void {
  const unknown = Object.keys(json).find((key) => !known.has(key));
  if (unknown !== undefined) throw new MalformedPolicyError(`${path}.${unknown}`, "is not part of the policy language");
}

/** Exactly one of an element and its negation: its name, value and path. */
function oneOf(json: Json, name: string, path: string) {
  const negatedName = `Not${name}`;
  const negated = json[negatedName] !== undefined;
  if (negated === (json[name] !== undefined)) {
    throw new MalformedPolicyError(
      path,
      `has ${negated ? "both" : "neither"} ${name} ${negated ? "and" : "nor"} ${negatedName}`,
    );
  }
  const key = negated ? negatedName : name;
  return { negated, value: json[key], path: `${path}.${key}` };
}

function actionsOf(json: Json, path: string): PatternList {
  const element = oneOf(json, "Action", path);
  const patterns = textsAt(element.value, element.path).map((text) => {
    if (!/^(\*|[a-z0-9-]+:[a-z0-9*?]+)$/i.test(text)) {
      throw new MalformedPolicyError(
        element.path,
        `"${text}" is not "*" or a service and an action, such as sqs:SendMessage`,
      );
    }
    return compilePattern(text, { wildcards: "glob", ignoreCase: true, variables: false });
  });
  return { negated: element.negated, patterns };
}

function resourcesOf(json: Json, path: string, variables: boolean): PatternList {
  const element = oneOf(json, "Resource", path);
  const patterns = textsAt(element.value, element.path).map((text) => {
    if (text !== "*" && !/^arn:([^:]*:){4}[\s\S]+$/.test(text)) {
      throw new MalformedPolicyError(element.path, `"${text}" is not "*" or an ARN`);
    }
    if (variables && text.split(":", 5).some((component) => component.includes("${"))) {
      throw new MalformedPolicyError(element.path, `"${text}" has a variable before the fifth colon`);
    }
    return compilePattern(text, { wildcards: "arn", variables });
  });
  return { negated: element.negated, patterns };
}

function principalsOf(json: Json, path: string): Principals {
  const element = oneOf(json, "Principal", path);
  if (element.value === "*") return compilePrincipals("*", element.negated, element.path);
  const byType = Object.entries(objectAt(element.value, element.path)).map(
    ([type, values]) => [type, textsAt(values, `${element.path}.${type}`)] as const,
  );
  return compilePrincipals(new Map(byType), element.negated, element.path);
}

function conditionsOf(json: Json, path: string, variables: boolean): readonly Condition[] {
  if (json.Condition === undefined) return [];
  return Object.entries(objectAt(json.Condition, `${path}.Condition`)).flatMap(([operator, keys]) => {
    const at = `${path}.Condition.${operator}`;
    return Object.entries(objectAt(keys, at)).map(([key, values]) =>
      compileCondition(operator, key, textsAt(values, `${at}.${key}`), `${at}.${key}`, variables),
    );
  });
}

function absent(json: Json, names: readonly string[], kind: PolicyKind, path: string): undefined {
  const present = names.find((name) => json[name] !== undefined);
  if (present !== undefined) throw new MalformedPolicyError(`${path}.${present}`, `has no place in a ${kind} policy`);
  return undefined;
}

interface StatementPlace {
  readonly kind: PolicyKind;
  readonly name: string;
  readonly path: string;
  readonly index: number;
  readonly variables: boolean;
}

function statementOf(value: unknown, { kind, name, path, index, variables }: StatementPlace): Statement {
  const json = objectAt(value, path);
  onlyKeys(json, statementKeys, path);
  const { Sid = "", Effect: effect } = json;
  if (typeof Sid !== "string") throw new MalformedPolicyError(`${path}.Sid`, "is not a text");
  const sid = Sid === "" ? undefined : Sid;
  if (effect !== "Allow" && effect !== "Deny") throw new MalformedPolicyError(`${path}.Effect`, "is not Allow or Deny");
  const resources =
    kind === "trust" ? absent(json, ["Resource", "NotResource"], kind, path) : resourcesOf(json, path, variables);
  const conditions = conditionsOf(json, path, variables);
  return {
    sid,
    id: `statement ${sid === undefined ? `${index}` : `"${sid}"`} of ${name}`,
    effect,
    actions: actionsOf(json, path),
    resources,
    principals:
      kind === "identity" ? absent(json, ["Principal", "NotPrincipal"], kind, path) : principalsOf(json, path),
    conditions,
    variables: [...(resources?.patterns ?? []), ...conditions].flatMap((part) => part.variables),
  };
}

function parseJson(document: PolicyDocument, name: string): unknown {
  if (typeof document !== "string") return document;
  try {
    return JSON.parse(document);
  } catch (error) {
    throw new MalformedPolicyError(name, `is not JSON: ${error instanceof Error ? error.message : error}`);
  }
}

/**
 * @param name of the policy for messages, such as `webhook-dedup-dev's policies`.
 * @throws MalformedPolicyError for what IAM would refuse.
 */
export function parsePolicy(document: PolicyDocument, kind: PolicyKind, name: string): Policy {
  const json = objectAt(parseJson(document, name), name);
  onlyKeys(json, policyKeys, name);
  const version = json.Version ?? "2008-10-17";
  if (version !== "2012-10-17" && version !== "2008-10-17") {
    throw new MalformedPolicyError(`${name}.Version`, "is not 2012-10-17 or 2008-10-17");
  }
  const single = !Array.isArray(json.Statement);
  const list: readonly unknown[] = Array.isArray(json.Statement) ? json.Statement : [json.Statement];
  if (list.length === 0) throw new MalformedPolicyError(`${name}.Statement`, "is empty");
  const statements = list.map((value, index) => {
    const path = single ? `${name}.Statement` : `${name}.Statement[${index}]`;
    return statementOf(value, { kind, name, path, index, variables: version === "2012-10-17" });
  });
  const sids = statements.flatMap(({ sid }) => (sid === undefined ? [] : [sid]));
  const twice = sids.find((sid, index) => sids.indexOf(sid) !== index);
  if (twice !== undefined) throw new MalformedPolicyError(`${name}.Statement`, `has the Sid "${twice}" twice`);
  return { statements };
}
