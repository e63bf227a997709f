/** Which permissions of the roles were used, and which calls were denied: what the demo prints at its end. */
import { operationActions } from "./actions.ts";
import { impliedActions } from "./implied.ts";
import type { Lookup } from "./pattern.ts";
import type { PatternList, Policy, Statement } from "./policy.ts";

/** A permission that a role has and nobody used. */
interface UnusedGrant {
  /** The role's name. */
  readonly role: string;
  readonly sid?: string;
  /** As the policy has it, wildcards included. */
  readonly action: string;
  readonly resource: string;
}

interface DeniedCall {
  /** A role's name, or a service and what it acts for. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly reason: string;
  readonly count: number;
}

export interface UsageReport {
  readonly unused: readonly UnusedGrant[];
  readonly denied: readonly DeniedCall[];
}

interface Permission {
  readonly action: string;
  readonly resource: string;
}

export interface Usage {
  /** Notes that a role's statement allowed a permission. */
  used(statement: Statement, permission: Permission, lookup: Lookup): void;
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

const servedActions = [...new Set([...operationActions().flatMap(({ actions }) => actions), ...impliedActions])];

/** False for what no call can use: actions that the runtime doesn't serve, GetObject on a bucket, PutItem on an index. */
function usable(action: Alternative, resource: Alternative): boolean {
  const isIndex = resource.text.includes("/index/");
  const isBucket = /^arn:aws:s3:::[^/*]*$/.test(resource.text);
  const isObject = /^arn:aws:s3:::[^/]*\/./.test(resource.text);
  return servedActions
    .filter((served) => action.test(served, () => undefined))
    .some((served) => {
      if (isIndex) return served === "dynamodb:Query" || served === "dynamodb:Scan";
      const aboutBucket = /^s3:(ListBucket|GetBucket)/.test(served);
      return !(isBucket && !aboutBucket) && !(isObject && aboutBucket);
    });
}

const pair = (action: Alternative, resource: Alternative) => `${action.text} ${resource.text}`;

function unusedOf(roleArn: string, statement: Statement, used: ReadonlySet<string>): readonly UnusedGrant[] {
  const role = roleArn.slice(roleArn.lastIndexOf("/") + 1);
  const sid = statement.sid === undefined ? {} : { sid: statement.sid };
  return alternatives(statement.actions).flatMap((action) =>
    alternatives(statement.resources)
      .filter((resource) => !used.has(pair(action, resource)) && usable(action, resource))
      .map((resource) => ({ role, ...sid, action: action.text, resource: resource.text })),
  );
}

/** A runtime that runs for days with a permission missing on many objects reports this many of them. */
const reportedDenials = 1_000;

/** @param rolePolicies by role ARN: whose grants the report is about. */
export function createUsage(rolePolicies: ReadonlyMap<string, readonly Policy[]>): Usage {
  const usedPairs = new Map<Statement, Set<string>>();
  const deniedCalls = new Map<string, DeniedCall>();
  return {
    used(statement, { action, resource }, lookup) {
      const pairs = usedPairs.get(statement) ?? new Set();
      usedPairs.set(statement, pairs);
      for (const allowed of alternatives(statement.actions).filter((one) => one.test(action, lookup))) {
        const resources = alternatives(statement.resources).filter((one) => one.test(resource, lookup));
        for (const on of resources) pairs.add(pair(allowed, on));
      }
    },
    denied(principal, { action, resource }, reason) {
      const key = `${principal} ${action} ${resource}`;
      const count = (deniedCalls.get(key)?.count ?? 0) + 1;
      if (count > 1 || deniedCalls.size < reportedDenials)
        deniedCalls.set(key, { principal, action, resource, reason, count });
    },
    report() {
      const unused = [...rolePolicies].flatMap(([roleArn, policies]) =>
        policies
          .flatMap(({ statements }) => statements)
          .filter(({ effect }) => effect === "Allow")
          .flatMap((statement) => unusedOf(roleArn, statement, usedPairs.get(statement) ?? new Set())),
      );
      return { unused, denied: [...deniedCalls.values()] };
    },
  };
}
