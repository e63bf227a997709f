/** All policies of the runtime, compiled. */
import { compilePattern, type Pattern } from "./pattern.ts";
import { type Policy, type PolicyDocument, parsePolicy } from "./policy.ts";

/** A resource may have several: each `aws_lambda_permission` is one. */
export type ResourcePolicyDocuments = PolicyDocument | readonly PolicyDocument[];

export interface PolicyDocuments {
  /** Inline and attached policies by role ARN. */
  readonly rolePolicies: ReadonlyMap<string, readonly PolicyDocument[]>;
  /** `assume_role_policy` by role ARN. */
  readonly trustPolicies: ReadonlyMap<string, PolicyDocument>;
  /**
   * Of queues, topics, buckets, functions …, by ARN. An ARN with `*` stands for all that it matches: CloudWatch Logs
   * has policies for every log group of an account and region.
   */
  readonly resourcePolicies: ReadonlyMap<string, ResourcePolicyDocuments>;
  /** By key ARN. A key without an entry has AWS's default policy, which leaves everything to the account's policies. */
  readonly keyPolicies: ReadonlyMap<string, PolicyDocument>;
}

export interface Policies {
  readonly roles: ReadonlyMap<string, readonly Policy[]>;
  readonly trusts: ReadonlyMap<string, Policy>;
  /** By key ARN; keys with AWS's default policy aside. */
  readonly keys: ReadonlyMap<string, Policy>;
  /** Of all resources but keys. */
  ofResources(): readonly Policy[];
  ofResource(arn: string): readonly Policy[];
  ofKey(arn: string): Policy;
  /** @throws MalformedPolicyError, and the old policy stays. */
  setOfResource(arn: string, documents: ResourcePolicyDocuments): void;
  all(): readonly Policy[];
}

/** The last part of an ARN whose parts are divided by slashes: a role's name. */
export const nameOf = (arn: string) => arn.slice(arn.lastIndexOf("/") + 1);

function mapValues<T, U>(map: ReadonlyMap<string, T>, change: (value: T, key: string) => U): Map<string, U> {
  return new Map([...map].map(([key, value]) => [key, change(value, key)]));
}

function isList(documents: ResourcePolicyDocuments): documents is readonly PolicyDocument[] {
  return Array.isArray(documents);
}

/** What AWS gives a key that is created without a policy. */
function defaultKeyPolicy(account: string): Policy {
  const Principal = { AWS: `arn:aws:iam::${account}:root` };
  const Statement = { Effect: "Allow", Principal, Action: "kms:*", Resource: "*" };
  return parsePolicy({ Version: "2012-10-17", Statement }, "resource", "the default key policy");
}

interface ResourcePolicies {
  readonly pattern: Pattern;
  readonly policies: readonly Policy[];
}

function compileOfResource(documents: ResourcePolicyDocuments, arn: string): ResourcePolicies {
  const list = isList(documents) ? documents : [documents];
  return {
    pattern: compilePattern(arn, { wildcards: "arn", variables: false }),
    policies: list.map((document) => parsePolicy(document, "resource", `the policy of ${arn}`)),
  };
}

/** @throws MalformedPolicyError */
export function compilePolicies(documents: PolicyDocuments, account: string): Policies {
  const roles = mapValues(documents.rolePolicies, (list, arn) =>
    list.map((document) => parsePolicy(document, "identity", `${nameOf(arn)}'s policies`)),
  );
  const trusts = mapValues(documents.trustPolicies, (document, arn) =>
    parsePolicy(document, "trust", `${nameOf(arn)}'s trust policy`),
  );
  const keys = mapValues(documents.keyPolicies, (document, arn) =>
    parsePolicy(document, "resource", `the policy of ${arn}`),
  );
  const resources = mapValues(documents.resourcePolicies, compileOfResource);
  const defaultKey = defaultKeyPolicy(account);
  return {
    roles,
    trusts,
    keys,
    ofResources: () => [...resources.values()].flatMap(({ policies }) => policies),
    ofResource: (arn) =>
      [...resources.values()].flatMap(({ pattern, policies }) => (pattern.test(arn, () => undefined) ? policies : [])),
    ofKey: (arn) => keys.get(arn) ?? defaultKey,
    setOfResource: (arn, given) => void resources.set(arn, compileOfResource(given, arn)),
    all: () => [
      ...[...roles.values()].flat(),
      ...trusts.values(),
      ...[...resources.values()].flatMap(({ policies }) => policies),
      ...keys.values(),
    ],
  };
}
