/**
 * The condition keys that requests have here. Source: IAM User Guide, "AWS global condition context keys"; KMS
 * Developer Guide, "AWS KMS condition keys".
 */
import type { Principal } from "../aws/types.ts";
import type { Scope } from "./operations/operation.ts";
import type { Lookup } from "./pattern.ts";
import type { Policy } from "./policy.ts";

/** Condition keys (in lower case) and values. */
export type ContextValues = Readonly<Record<string, string | readonly string[]>>;

type CallingPrincipal = Exclude<Principal, { readonly kind: "operator" }>;

/** What is the same in every request of a principal. */
export function principalContext(principal: CallingPrincipal, { account, region }: Scope): ContextValues {
  const everywhere = {
    // Calls in process and over the endpoint's plain HTTP stand for calls over TLS, which AWS's endpoints require:
    // a policy that denies insecure transport must not deny everything here.
    "aws:securetransport": "true",
    "aws:requestedregion": region,
    "aws:resourceaccount": account,
  };
  if (principal.kind === "service" && principal.roleArn === undefined) {
    return {
      ...everywhere,
      "aws:principalisawsservice": "true",
      "aws:principalservicename": principal.service,
      "aws:sourcearn": principal.sourceArn,
      // The ARNs of buckets and REST APIs have no account.
      "aws:sourceaccount": principal.sourceArn.split(":")[4] || account,
    };
  }
  const asRole = {
    ...everywhere,
    "aws:principalisawsservice": "false",
    "aws:principaltype": "AssumedRole",
    "aws:principalarn": principal.roleArn ?? "",
    "aws:principalaccount": account,
  };
  if (principal.kind === "service") return asRole;
  return {
    ...asRole,
    "lambda:sourcefunctionarn": `arn:aws:lambda:${region}:${account}:function:${principal.functionName}`,
  };
}

/** Looks a key up and remembers whether anything was read that may differ in the next request. */
export interface RequestLookup {
  readonly lookup: Lookup;
  readPerRequest(): boolean;
}

/**
 * @param fixed values that hold for every request of this principal about this resource.
 * @param perRequest values of this request alone.
 * @param now epoch milliseconds.
 */
export function requestLookup(fixed: ContextValues, perRequest: ContextValues, now: () => number): RequestLookup {
  let read = false;
  const varying = (key: string) => {
    if (key === "aws:currenttime") return new Date(now()).toISOString();
    if (key === "aws:epochtime") return String(Math.floor(now() / 1000));
    return Object.hasOwn(perRequest, key) ? perRequest[key] : undefined;
  };
  return {
    lookup: (key) => {
      if (Object.hasOwn(fixed, key)) return fixed[key];
      // Who calls and for what is known here: nothing in the request can claim it.
      if (fixedKeys.has(key)) return undefined;
      // Even a key that this request lacks may be in the next.
      read = true;
      return varying(key);
    },
    readPerRequest: () => read,
  };
}

const fixedKeys: ReadonlySet<string> = new Set([
  "aws:principalaccount",
  "aws:principalarn",
  "aws:principalisawsservice",
  "aws:principalservicename",
  "aws:principaltype",
  "aws:requestedregion",
  "aws:resourceaccount",
  "aws:securetransport",
  "aws:sourceaccount",
  "aws:sourcearn",
  "kms:calleraccount",
  "kms:viaservice",
  "lambda:sourcefunctionarn",
]);

const perRequestKeys: ReadonlySet<string> = new Set([
  "aws:currenttime",
  "aws:epochtime",
  "aws:sourceip",
  "dynamodb:attributes",
  "dynamodb:returnvalues",
  "events:detail-type",
  "events:source",
  "kms:messagetype",
  "kms:signingalgorithm",
  "s3:if-match",
  "s3:if-none-match",
  "s3:prefix",
]);

/** What the policies say that isn't modelled here, one sentence each, so that nobody trusts it silently. */
export function gapsOf(policies: readonly Policy[]): readonly string[] {
  const isSet = (key: string) =>
    fixedKeys.has(key) || perRequestKeys.has(key) || key.startsWith("kms:encryptioncontext:");
  const gaps = policies.flatMap(({ statements }) =>
    statements.flatMap(({ id, conditions, variables }) => [
      ...conditions.flatMap(({ text, holds }) =>
        holds ? [] : [`${id}: the operator of ${text} isn't known here, so what it is about is denied`],
      ),
      ...[...conditions.map(({ key }) => key), ...variables].flatMap((key) =>
        isSet(key) ? [] : [`${id}: no request here has the condition key ${key}`],
      ),
    ]),
  );
  return [...new Set(gaps)];
}
