/** IAM policy documents as plain JSON: what a synthesized stack holds is what a reader of it sees. */

export type Condition = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** One statement, in the words of IAM's own JSON. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  /** In resource policies only: who. */
  readonly Principal?: "*" | { readonly AWS: string } | { readonly Service: string | readonly string[] };
  readonly Action: readonly string[];
  readonly Resource?: readonly string[];
  readonly Condition?: Condition;
}

/** A statement of a role's own policy that allows `actions` on `resources`. */
export function allow(actions: readonly string[], resources: readonly string[], condition?: Condition): Statement {
  return { Effect: "Allow", Action: actions, Resource: resources, ...(condition && { Condition: condition }) };
}

/**
 * For whom a service of AWS may act, so that nobody else's resource can make it act on ours (the confused deputy): one
 * resource, or those of a pattern, and the account.
 */
export function onBehalfOf({
  sourceArn,
  account,
}: {
  readonly sourceArn: string;
  readonly account: string;
}): Condition {
  return { ArnLike: { "aws:SourceArn": sourceArn }, StringEquals: { "aws:SourceAccount": account } };
}

/** Refuses calls that don't come over TLS. `actions` because SNS refuses `sns:*` in a topic's policy. */
export function denyInsecureTransport(actions: readonly string[], resources: readonly string[]): Statement {
  return {
    Sid: "DenyInsecureTransport",
    Effect: "Deny",
    Principal: "*",
    Action: actions,
    Resource: resources,
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}

/**
 * Refuses puts that could overwrite an object, whoever sends them. So it takes no copies and no uploads in parts, whose
 * requests can't say `If-None-Match`. Source: S3 User Guide, "Enforce conditional writes on Amazon S3 buckets".
 */
export function denyOverwriting(bucketArn: string): Statement {
  return {
    Sid: "DenyOverwriting",
    Effect: "Deny",
    Principal: "*",
    Action: ["s3:PutObject"],
    Resource: [`${bucketArn}/*`],
    Condition: { Null: { "s3:if-none-match": "true" } },
  };
}

/** The document of `statements`; statements that two grants share (a key's, mostly) appear once. */
export function policyDocument(statements: readonly Statement[]): string {
  const unique = new Map(statements.map((statement) => [JSON.stringify(statement), statement]));
  return JSON.stringify({ Version: "2012-10-17", Statement: [...unique.values()] });
}

/** In a key's policy: the account's IAM policies decide who uses the key, as without it nobody could. */
export function delegateToIam(accountRootArn: string): Statement {
  return {
    Sid: "DelegateToIam",
    Effect: "Allow",
    Principal: { AWS: accountRootArn },
    Action: ["kms:*"],
    Resource: ["*"],
  };
}
