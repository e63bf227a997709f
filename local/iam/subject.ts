/** A principal as evaluation sees it. */
import type { Principal } from "../aws/types.ts";
import { type ContextValues, principalContext } from "./context.ts";
import type { Scope } from "./operations/operation.ts";
import { nameOf, type Policies } from "./policies.ts";
import type { Policy } from "./policy.ts";
import type { Caller } from "./principals.ts";

/** Everybody but the operator, who needs no permission. */
export type CallingPrincipal = Exclude<Principal, { readonly kind: "operator" }>;

export interface Subject {
  readonly caller: Caller;
  /** For messages: the role's name, or the service and what it acts for. */
  readonly name: string;
  /** Of its role; none for a service by itself. */
  readonly policies: readonly Policy[];
  readonly context: ContextValues;
}

function callerOf(principal: CallingPrincipal, account: string): Caller {
  const { roleArn } = principal;
  if (principal.kind === "function") {
    const sessionArn = `arn:aws:sts::${account}:assumed-role/${nameOf(principal.roleArn)}/${principal.functionName}`;
    return { kind: "role", roleArn: principal.roleArn, sessionArn, account };
  }
  return roleArn === undefined ? { kind: "service", service: principal.service } : { kind: "role", roleArn, account };
}

export function subjectOf(principal: CallingPrincipal, policies: Policies, scope: Scope): Subject {
  const caller = callerOf(principal, scope.account);
  const context = principalContext(principal, scope);
  if (caller.kind === "role") {
    return { caller, name: nameOf(caller.roleArn), policies: policies.roles.get(caller.roleArn) ?? [], context };
  }
  const actsFor = principal.kind === "service" ? ` for ${principal.sourceArn}` : "";
  return { caller, name: `${caller.service}${actsFor}`, policies: [], context };
}
