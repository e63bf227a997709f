/**
 * Whom a statement of a resource's policy is about. Source: IAM User Guide, "AWS JSON policy elements: Principal" and
 * "NotPrincipal".
 */
import { MalformedPolicyError } from "./errors.ts";

/** Who asks: a role (a function or a service acting with one), or a service by itself. */
export type Caller =
  | {
      readonly kind: "role";
      readonly roleArn: string;
      /** `arn:aws:sts::<account>:assumed-role/<role>/<session>`, where the session is known. */
      readonly sessionArn?: string;
      readonly account: string;
    }
  | { readonly kind: "service"; readonly service: string };

export interface Principals {
  /** NotPrincipal. */
  readonly negated: boolean;
  /** `*`, which services count among as well. */
  readonly anyone: boolean;
  /** Accounts by their root ARN, roles, users and sessions. */
  readonly arns: ReadonlySet<string>;
  /** Service principals in lower case. */
  readonly services: ReadonlySet<string>;
}

/**
 * `direct`: the caller is named. `account`: its account is, which in an Allow only delegates: the caller's own policies
 * must allow as well.
 */
export type PrincipalMatch = "direct" | "account" | "none";

const rootArn = (account: string) => `arn:aws:iam::${account}:root`;

function principalArn(value: string, path: string): string {
  if (/^\d{12}$/.test(value)) return rootArn(value);
  if (!/^arn:[^:*?]+:(iam|sts)::\d{12}:[^*?]+$/.test(value)) {
    throw new MalformedPolicyError(path, `"${value}" is not "*", an account or the ARN of one principal`);
  }
  return value;
}

/** @param entries by type (`AWS`, `Service`, `Federated`, `CanonicalUser`), or `*`. */
export function compilePrincipals(
  entries: ReadonlyMap<string, readonly string[]> | "*",
  negated: boolean,
  path: string,
): Principals {
  const arns = new Set<string>();
  const services = new Set<string>();
  let anyone = entries === "*";
  for (const [type, values] of entries === "*" ? [] : entries) {
    for (const value of values) {
      if (value === "*" && type === "AWS") anyone = true;
      else if (type === "AWS") arns.add(principalArn(value, `${path}.AWS`));
      else if (type === "Service") services.add(value.toLowerCase());
      // Nobody signs in to the local runtime by a federation or as an S3 canonical user.
      else if (type !== "Federated" && type !== "CanonicalUser") {
        throw new MalformedPolicyError(`${path}.${type}`, "is not a type of principal");
      }
    }
  }
  return { negated, anyone, arns, services };
}

/**
 * NotPrincipal is read to the caller's disadvantage, as AWS warns that it is: a Deny spares a role only if the list has
 * both the role and its account, an Allow reaches it only if the list has neither.
 */
export function matchPrincipals(principals: Principals, caller: Caller, effect: "Allow" | "Deny"): PrincipalMatch {
  const { negated, anyone, arns, services } = principals;
  if (caller.kind === "service") {
    const listed = anyone || services.has(caller.service.toLowerCase());
    return listed !== negated ? "direct" : "none";
  }
  const named = arns.has(caller.roleArn) || (caller.sessionArn !== undefined && arns.has(caller.sessionArn));
  const accountNamed = arns.has(rootArn(caller.account));
  if (negated) {
    const spared = anyone || (effect === "Deny" ? named && accountNamed : named || accountNamed);
    return spared ? "none" : "direct";
  }
  if (anyone || named) return "direct";
  return accountNamed ? "account" : "none";
}
