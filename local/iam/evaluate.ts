/**
 * Decides one action on one resource within one account. Source: IAM User Guide, "Policy evaluation logic", and KMS
 * Developer Guide, "Key policies in AWS KMS".
 *
 * - A Deny that applies wins over everything.
 * - A role is allowed by its own policies or by the resource's policy naming it; a resource's policy that names only
 *   the account leaves the decision to the role's own policies.
 * - For a KMS key the role's own policies count only where the key policy allows the account.
 * - A service by itself is allowed by the resource's policy alone.
 * - A condition operator that isn't known here denies, whatever the effect of its statement.
 */
import type { Lookup } from "./pattern.ts";
import type { PatternList, Policy, Statement } from "./policy.ts";
import { type Caller, matchPrincipals } from "./principals.ts";

export interface Request {
  readonly caller: Caller;
  /** How messages name the caller: a role's name, or a service and what it acts for. */
  readonly callerName: string;
  /** `sqs:SendMessage`. */
  readonly action: string;
  readonly resource: string;
  readonly lookup: Lookup;
}

export interface ApplicablePolicies {
  /** Of the caller's role; empty for a service by itself. */
  readonly identity: readonly Policy[];
  readonly resource: readonly Policy[];
  /** True for KMS keys, whose policy decides whether identity policies count. */
  readonly resourceGoverns?: boolean;
}

export interface Verdict {
  readonly allowed: boolean;
  /** One sentence that says why and, for a denial, what would be needed. */
  readonly reason: string;
  /** The statements that decided; none when nothing allowed. */
  readonly matched: readonly Statement[];
}

type Outcome =
  /** About another action or somebody else. */
  | { readonly kind: "irrelevant" }
  /** Names the caller, or only its account. */
  | { readonly kind: "applies"; readonly to: "direct" | "account" }
  /** Why it doesn't apply to this request; the lower the rank, the nearer it came. */
  | { readonly kind: "misses"; readonly rank: number; readonly text: string }
  | { readonly kind: "unknown"; readonly text: string };

interface Findings {
  readonly allows: Statement[];
  /** Allows that name only the caller's account. */
  readonly delegations: Statement[];
  readonly denies: Statement[];
  readonly misses: { readonly rank: number; readonly text: string }[];
  readonly unknown: { readonly statement: Statement; readonly text: string }[];
}

function lists({ negated, patterns }: PatternList, value: string, lookup: Lookup): boolean {
  return patterns.some((pattern) => pattern.test(value, lookup)) !== negated;
}

function described(value: string | readonly string[] | undefined): string {
  if (value === undefined) return "a request without that key";
  return typeof value === "string" ? `"${value}"` : JSON.stringify(value);
}

function inspect(statement: Statement, { caller, action, resource, lookup }: Request): Outcome {
  const { effect, actions, resources, principals, conditions, variables } = statement;
  if (!lists(actions, action, lookup)) return { kind: "irrelevant" };
  const to = principals ? matchPrincipals(principals, caller, effect) : "direct";
  if (to === "none") return { kind: "irrelevant" };
  const unset = variables.find((key) => typeof lookup(key) !== "string");
  if (unset !== undefined) return { kind: "misses", rank: 1, text: `needs a value for its variable \${${unset}}` };
  if (resources && !lists(resources, resource, lookup)) {
    const others = resources.negated ? "other resources" : resources.patterns.map(({ text }) => text).join(", ");
    return { kind: "misses", rank: 2, text: `allows it only on ${others}` };
  }
  const unknown = conditions.find(({ holds }) => !holds);
  if (unknown) return { kind: "unknown", text: unknown.text };
  const failed = conditions.find(({ holds }) => !holds?.(lookup));
  if (!failed) return { kind: "applies", to };
  const value = described(lookup(failed.key));
  return { kind: "misses", rank: 0, text: `asks for ${failed.text}, which doesn't hold for ${value}` };
}

function inspectAll(policies: readonly Policy[], request: Request): Findings {
  const findings: Findings = { allows: [], delegations: [], denies: [], misses: [], unknown: [] };
  for (const statement of policies.flatMap(({ statements }) => statements)) {
    const outcome = inspect(statement, request);
    if (outcome.kind === "unknown") findings.unknown.push({ statement, text: outcome.text });
    else if (outcome.kind === "misses" && statement.effect === "Allow") {
      findings.misses.push({ rank: outcome.rank, text: `${statement.id} ${outcome.text}` });
    } else if (outcome.kind === "applies") {
      if (statement.effect === "Deny") findings.denies.push(statement);
      else if (outcome.to === "account") findings.delegations.push(statement);
      else findings.allows.push(statement);
    }
  }
  return findings;
}

/** What would have been needed, from the nearest miss on either side. */
function missing({ caller }: Request, policies: ApplicablePolicies, own: Findings, theirs: Findings): string {
  const [nearest] = [...own.misses, ...theirs.misses].sort((one, other) => one.rank - other.rank);
  if (nearest) return nearest.text;
  if (policies.resourceGoverns && own.allows.length > 0) {
    return "the key policy neither allows it nor leaves it to the account's policies";
  }
  if (caller.kind === "service") {
    return policies.resource.length > 0
      ? "no statement of the resource's policy allows it to this service"
      : "the resource has no policy that allows it to this service";
  }
  return "no statement of its policies allows it";
}

export function evaluate(request: Request, policies: ApplicablePolicies): Verdict {
  const { caller, callerName, action, resource } = request;
  const own = inspectAll(caller.kind === "role" ? policies.identity : [], request);
  const theirs = inspectAll(policies.resource, request);
  const denied = (why: string, matched: readonly Statement[] = []): Verdict => ({
    allowed: false,
    reason: `${callerName} is not allowed ${action} on ${resource}: ${why}`,
    matched,
  });
  const [deny] = [...own.denies, ...theirs.denies];
  if (deny) return denied(`${deny.id} denies it`, [...own.denies, ...theirs.denies]);
  const [unknown] = [...own.unknown, ...theirs.unknown];
  if (unknown) {
    return denied(`the operator of ${unknown.text} in ${unknown.statement.id} isn't known here`, [unknown.statement]);
  }
  const ownCounts = !policies.resourceGoverns || theirs.delegations.length > 0;
  const matched = [...theirs.allows, ...(ownCounts ? own.allows : [])];
  if (matched.length === 0) return denied(missing(request, policies, own, theirs));
  return { allowed: true, reason: `${matched.map(({ id }) => id).join(" and ")} allows it`, matched };
}
