/** Which of the granted permissions were used, and which calls were denied: what the demo judges at its end. */
import type { Lookup } from "./pattern.ts";
import type { PatternList, Policy, Statement } from "./policy.ts";

/** A permission that a role has by its own policies, or a service by a resource's. */
export interface Grant {
  /** The role's name, or the service: `events.amazonaws.com`. */
  readonly principal: string;
  readonly sid?: string;
  /** As the policy has it, wildcards included. */
  readonly action: string;
  readonly resource: string;
  /** The statement's conditions, in a text. */
  readonly condition?: string;
}

interface DeniedCall {
  /** A role's name, or a service and what it acts for. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly reason: string;
  readonly count: number;
}

/** Every grant is in one of the two lists. */
export interface UsageReport {
  readonly used: readonly Grant[];
  readonly unused: readonly Grant[];
  readonly denied: readonly DeniedCall[];
}

interface Permission {
  readonly action: string;
  readonly resource: string;
}

/** Whose grants the report is about. */
export interface GrantingPolicies {
  /** Of roles, by their ARN. */
  readonly roles: ReadonlyMap<string, readonly Policy[]>;
  /** Of queues, topics, functions and so on, which grant to services. */
  readonly resources: () => readonly Policy[];
  /** Of keys, by their ARN: there "*" is the key. */
  readonly keys: ReadonlyMap<string, Policy>;
}

export interface Usage {
  /**
   * Notes that a statement allowed a permission.
   * @param service that was allowed by itself; absent for roles.
   */
  used(statement: Statement, permission: Permission, lookup: Lookup, service?: string): void;
  denied(principal: string, permission: Permission, reason: string): void;
  report(): UsageReport;
}

interface Alternative {
  readonly text: string;
  test(value: string, lookup: Lookup): boolean;
}

/** The patterns one by one; a NotAction or NotResource counts as one. */
function alternatives(list: PatternList | undefined): readonly Alternative[] {
  if (!list) return [];
  if (!list.negated) return list.patterns;
  const text = `all but ${list.patterns.map((pattern) => pattern.text).join(", ")}`;
  return [{ text, test: (value, lookup) => !list.patterns.some((pattern) => pattern.test(value, lookup)) }];
}

/** False for what no call can need: GetObject on a bucket, PutItem on an index. */
function isMeaningful(action: string, resource: string): boolean {
  if (resource.includes("/index/")) return /^dynamodb:(Query|Scan|\*)$/.test(action);
  const isAboutBucket = /^s3:(ListBucket|GetBucket)/.test(action);
  if (/^arn:aws:s3:::[^/*]*$/.test(resource)) return !action.startsWith("s3:") || isAboutBucket || action === "s3:*";
  return !(/^arn:aws:s3:::[^/]*\//.test(resource) && isAboutBucket);
}

/** The grants of a statement to one principal, and the key by which their use is noted. */
function grantsOf(statement: Statement, principal: string, service: string | undefined, itself?: string) {
  const { sid, conditions, actions, resources } = statement;
  const condition = conditions.map(({ text }) => text).join(" and ");
  return alternatives(actions).flatMap((action) =>
    alternatives(resources)
      .filter((resource) => isMeaningful(action.text, resource.text))
      .map((resource) => ({
        used: useKey(action.text, resource.text, service),
        grant: {
          principal,
          ...(sid === undefined ? {} : { sid }),
          action: action.text,
          resource: resource.text === "*" && itself !== undefined ? itself : resource.text,
          ...(condition === "" ? {} : { condition }),
        } satisfies Grant,
      })),
  );
}

const useKey = (action: string, resource: string, service = "") => `${service} ${action} ${resource}`;

const nameOf = (arn: string) => arn.slice(arn.lastIndexOf("/") + 1);

const allowsOf = (policies: readonly Policy[]) =>
  policies.flatMap(({ statements }) => statements).filter(({ effect }) => effect === "Allow");

/** Grants to the services that a resource's policy names; accounts and roles that it names have policies of their own. */
function serviceGrantsOf(statement: Statement, itself?: string) {
  return [...(statement.principals?.services ?? [])].flatMap((service) =>
    grantsOf(statement, service, service, itself),
  );
}

/** A runtime that runs for days with a permission missing on many objects reports this many of them. */
const reportedDenials = 1_000;

export function createUsage({ roles, resources, keys }: GrantingPolicies): Usage {
  const usesOf = new Map<Statement, Set<string>>();
  const deniedCalls = new Map<string, DeniedCall>();

  function everyGrant(): readonly { readonly grant: Grant; readonly isUsed: boolean }[] {
    const withUse = (statement: Statement, grants: ReturnType<typeof grantsOf>) =>
      grants.map(({ used, grant }) => ({ grant, isUsed: usesOf.get(statement)?.has(used) === true }));
    return [
      ...[...roles].flatMap(([roleArn, policies]) =>
        allowsOf(policies).flatMap((each) => withUse(each, grantsOf(each, nameOf(roleArn), undefined))),
      ),
      ...allowsOf(resources()).flatMap((each) => withUse(each, serviceGrantsOf(each))),
      ...[...keys].flatMap(([keyArn, policy]) =>
        allowsOf([policy]).flatMap((each) => withUse(each, serviceGrantsOf(each, keyArn))),
      ),
    ];
  }

  return {
    used(statement, { action, resource }, lookup, service) {
      const uses = usesOf.get(statement) ?? new Set();
      usesOf.set(statement, uses);
      for (const allowed of alternatives(statement.actions).filter((one) => one.test(action, lookup))) {
        const matching = alternatives(statement.resources).filter((one) => one.test(resource, lookup));
        for (const on of matching) uses.add(useKey(allowed.text, on.text, statement.principals ? service : undefined));
      }
    },
    denied(principal, { action, resource }, reason) {
      const key = `${principal} ${action} ${resource}`;
      const count = (deniedCalls.get(key)?.count ?? 0) + 1;
      if (count > 1 || deniedCalls.size < reportedDenials)
        deniedCalls.set(key, { principal, action, resource, reason, count });
    },
    report() {
      const grants = everyGrant();
      const those = (wanted: boolean) => grants.filter(({ isUsed }) => isUsed === wanted).map(({ grant }) => grant);
      return { used: those(true), unused: those(false), denied: [...deniedCalls.values()] };
    },
  };
}
