/** The state bucket's policy: whatever is in it, and a statement that refuses requests without TLS. */
import * as v from "valibot";

const statement = v.looseObject({ Effect: v.string() });
const policy = v.looseObject({
  Version: v.optional(v.string()),
  Statement: v.union([
    v.array(statement),
    v.pipe(
      statement,
      v.transform((one) => [one]),
    ),
  ]),
});
export type BucketPolicy = v.InferOutput<typeof policy>;

/** An empty policy where there is none yet. */
export function readPolicy(text: string | undefined): BucketPolicy {
  return text === undefined ? { Version: "2012-10-17", Statement: [] } : v.parse(policy, JSON.parse(text));
}

export interface PolicyPlace {
  readonly bucket: string;
  readonly region: string;
}

/** What is in it already stays. */
export function denyPlainHttp(present: BucketPolicy, place: PolicyPlace): BucketPolicy {
  return { ...present, Statement: [...present.Statement, tlsStatement(place)] };
}

export function deniesPlainHttp({ Statement }: BucketPolicy, place: PolicyPlace): boolean {
  const { Principal, Action, Resource, Condition } = tlsStatement(place);
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  return Statement.some(
    (one) =>
      one.Effect === "Deny" &&
      (same(one.Principal, Principal) || same(one.Principal, { AWS: "*" })) &&
      same(one.Action, Action) &&
      same(one.Condition, Condition) &&
      Array.isArray(one.Resource) &&
      Resource.every((arn) => (one.Resource as unknown[]).includes(arn)),
  );
}

function tlsStatement({ bucket, region }: PolicyPlace) {
  const arn = `arn:${partitionOf(region)}:s3:::${bucket}`;
  return {
    Sid: "DenyPlainHttp",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [arn, `${arn}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}

function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}
