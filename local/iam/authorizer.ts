/**
 * The door that every call of the local runtime passes: may this principal do this? Policies are compiled once and
 * decisions remembered, so that the thousands of calls a second pay a map lookup each.
 */
import { localRegion, type Principal, type ServiceName } from "../aws/types.ts";
import { requirementsOf } from "./actions.ts";
import { type ContextValues, gapsOf, requestLookup } from "./context.ts";
import { deniedError } from "./denied.ts";
import { evaluate, type Verdict } from "./evaluate.ts";
import { impliedKmsActions } from "./implied.ts";
import type { Input, Requirement, Scope } from "./operations/operation.ts";
import { compilePolicies, type Policies, type PolicyDocuments, type ResourcePolicyDocuments } from "./policies.ts";
import { type CallingPrincipal, type Subject, subjectOf } from "./subject.ts";
import { createUsage, type Usage, type UsageReport } from "./usage.ts";

export interface AuthorizerOptions extends PolicyDocuments {
  /**
   * The ARN of the customer-managed key that encrypts a queue, topic, table, bucket or secret. Undefined for AWS's own
   * keys (`alias/aws/…`) and for resources without one.
   */
  readonly kmsKeyOf: (resourceArn: string) => string | undefined;
  readonly account: string;
  readonly region?: string;
  /** Full ARN of a secret by its name. */
  readonly secretArnOf?: (name: string) => string | undefined;
  /** Epoch milliseconds, for `aws:CurrentTime`. */
  readonly now: () => number;
}

export interface Authorizer {
  /**
   * Returns when the call is allowed. The operator always is, and is recorded nowhere.
   * @param input as the SDK's command has it; for S3 as `s3RequestOf` reads it.
   * @param requestContext condition keys (lower case) that only the endpoint knows, such as `aws:sourceip`.
   * @throws AwsError with the service's own code and a sentence that names what is missing; NotImplemented (501) for
   *   an operation whose permissions aren't known.
   */
  authorize(
    principal: Principal,
    service: ServiceName,
    operation: string,
    input: Input,
    requestContext?: ContextValues,
  ): void;
  /** Whether a service may act with a role: asked when a function or a state machine that uses it is created. */
  mayAssume(roleArn: string, servicePrincipal: string, sourceArn: string): Verdict;
  /** For policies that are set while the runtime runs. @throws MalformedPolicyError, and the old policy stays. */
  setResourcePolicy(resourceArn: string, documents: ResourcePolicyDocuments): void;
  usage(): UsageReport;
  /** What the policies say that isn't modelled here, one sentence each. */
  readonly gaps: readonly string[];
}

/** A verdict and the permission that decided it: the call's own, or one on a key. */
interface Decision {
  readonly verdict: Verdict;
  readonly requirement: Requirement;
  /** False when the next request about the same could be decided otherwise. */
  readonly lasting: boolean;
}

type Decisions = Map<string, Decision>;

/** Object keys and log streams are many: a principal with more decisions than this begins anew. */
const rememberedDecisions = 5_000;

const nothing: ContextValues = {};

interface Deciding {
  readonly policies: Policies;
  readonly usage: Usage;
  readonly scope: Scope;
  readonly now: () => number;
}

/** Decides one permission; what a remembered decision depends on goes into `fixed`, all else into `perRequest`. */
function decideOne(
  { policies, usage, now }: Deciding,
  { caller, name, policies: identity }: Subject,
  requirement: Requirement,
  { fixed, perRequest }: { readonly fixed: ContextValues; readonly perRequest: ContextValues },
): Decision {
  const { action, resource, owner } = requirement;
  const { lookup, readPerRequest } = requestLookup(fixed, perRequest, now);
  const isKey = action.startsWith("kms:");
  const verdict = evaluate(
    { caller, callerName: name, action, resource, lookup },
    { identity, resource: isKey ? [policies.ofKey(owner)] : policies.ofResource(owner), resourceGoverns: isKey },
  );
  const service = caller.kind === "service" ? caller.service : undefined;
  if (verdict.allowed) for (const statement of verdict.matched) usage.used(statement, requirement, lookup, service);
  return { verdict, requirement, lasting: !readPerRequest() };
}

interface Call {
  readonly service: ServiceName;
  readonly operation: string;
  readonly requirement: Requirement;
  readonly kmsKeyArn: string | undefined;
  readonly requestContext: ContextValues;
}

/** Decides a permission together with those on the key that encrypts its resource. */
function decide(deciding: Deciding, subject: Subject, call: Call): Decision {
  const { service, operation, requirement, kmsKeyArn, requestContext } = call;
  const fixed = subject.context;
  const own = decideOne(deciding, subject, requirement, {
    fixed,
    perRequest: { ...requestContext, ...requirement.context },
  });
  if (!own.verdict.allowed || kmsKeyArn === undefined) return own;
  const implied = impliedKmsActions(service, operation, { kmsKeyArn, requirement, ...deciding.scope });
  const onKey = implied.map((needed) =>
    decideOne(deciding, subject, needed, { fixed: { ...fixed, ...needed.context }, perRequest: requestContext }),
  );
  const lasting = own.lasting && onKey.every((decision) => decision.lasting);
  return { ...(onKey.find(({ verdict }) => !verdict.allowed) ?? own), lasting };
}

/** What a principal's policies and context depend on: a service with a role is the role, whatever it acts for. */
function principalKey(principal: CallingPrincipal): string {
  return principal.kind === "function"
    ? `${principal.functionName} ${principal.roleArn}`
    : `${principal.service} ${principal.roleArn ?? principal.sourceArn}`;
}

/** @throws MalformedPolicyError naming the policy and the place in it. */
export function createAuthorizer(options: AuthorizerOptions): Authorizer {
  const { kmsKeyOf, account, region = localRegion, secretArnOf, now } = options;
  const scope: Scope = { account, region, ...(secretArnOf && { secretArnOf }) };
  const policies = compilePolicies(options, account);
  const usage = createUsage({ roles: policies.roles, resources: () => policies.ofResources(), keys: policies.keys });
  const deciding: Deciding = { policies, usage, scope, now };
  const known = new Map<string, { readonly subject: Subject; readonly decisions: Decisions }>();

  const knownOf = (principal: CallingPrincipal) => {
    const key = principalKey(principal);
    const found = known.get(key);
    if (found) return found;
    const entry = { subject: subjectOf(principal, policies, scope), decisions: new Map() };
    known.set(key, entry);
    return entry;
  };

  return {
    authorize(principal, service, operation, input, requestContext = nothing) {
      if (principal.kind === "operator") return;
      const { subject, decisions } = knownOf(principal);
      for (const requirement of requirementsOf(service, operation, input, scope)) {
        const kmsKeyArn = kmsKeyOf(requirement.owner);
        const key = `${operation} ${requirement.action} ${requirement.resource} ${kmsKeyArn ?? ""}`;
        let decision = decisions.get(key);
        if (!decision) {
          decision = decide(deciding, subject, { service, operation, requirement, kmsKeyArn, requestContext });
          if (decisions.size >= rememberedDecisions) decisions.clear();
          if (decision.lasting) decisions.set(key, decision);
        }
        const { verdict, requirement: decisive } = decision;
        if (verdict.allowed) continue;
        usage.denied(subject.name, decisive, verdict.reason);
        throw deniedError(service, decisive.action, verdict.reason);
      }
    },
    mayAssume(roleArn, servicePrincipal, sourceArn) {
      const principal = { kind: "service", service: servicePrincipal, sourceArn } as const;
      const { caller, name, context } = subjectOf(principal, policies, scope);
      const trust = policies.trusts.get(roleArn);
      const { lookup } = requestLookup(context, nothing, now);
      const request = { caller, callerName: name, action: "sts:AssumeRole", resource: roleArn, lookup };
      return evaluate(request, { identity: [], resource: trust ? [trust] : [] });
    },
    setResourcePolicy(resourceArn, documents) {
      policies.setOfResource(resourceArn, documents);
      known.clear();
    },
    usage: () => usage.report(),
    get gaps() {
      return gapsOf(policies.all());
    },
  };
}
