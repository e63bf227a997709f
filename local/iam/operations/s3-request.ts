/** Which S3 operation an HTTP request is: S3 alone names it by method, path and query. Path-style URLs only. */
import { AwsError } from "../../aws/types.ts";
import type { Input } from "./operation.ts";

export interface S3Request {
  readonly method: string;
  /** `/<bucket>/<key>`, percent-encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** Parameters that shape an answer. Any other is a sub-resource, and names another operation. */
const plainParameters = new Set(
  (
    "continuation-token delimiter encoding-type fetch-owner key-marker list-type marker max-keys partNumber prefix " +
    "start-after upload-id-marker version-id-marker versionId x-id"
  ).split(" "),
);

/** `<method> <what>[ <sub-resource>]` → operation. */
const operations: Readonly<Record<string, string>> = {
  "GET service": "ListBuckets",
  "GET bucket": "ListObjects",
  "GET bucket location": "GetBucketLocation",
  "GET bucket uploads": "ListMultipartUploads",
  "GET bucket versioning": "GetBucketVersioning",
  "GET bucket versions": "ListObjectVersions",
  "HEAD bucket": "HeadBucket",
  "GET object": "GetObject",
  "GET object legal-hold": "GetObjectLegalHold",
  "GET object retention": "GetObjectRetention",
  "GET object tagging": "GetObjectTagging",
  "GET object uploadId": "ListParts",
  "HEAD object": "HeadObject",
  "PUT object": "PutObject",
  "PUT object legal-hold": "PutObjectLegalHold",
  "PUT object retention": "PutObjectRetention",
  "PUT object tagging": "PutObjectTagging",
  "PUT object uploadId": "UploadPart",
  "POST object uploadId": "CompleteMultipartUpload",
  "POST object uploads": "CreateMultipartUpload",
  "DELETE object": "DeleteObject",
  "DELETE object tagging": "DeleteObjectTagging",
  "DELETE object uploadId": "AbortMultipartUpload",
};

/** Headers that permissions depend on, by the member of the command's input. */
const memberHeaders = {
  IfMatch: "if-match",
  IfNoneMatch: "if-none-match",
  Tagging: "x-amz-tagging",
  ObjectLockMode: "x-amz-object-lock-mode",
  ObjectLockLegalHoldStatus: "x-amz-object-lock-legal-hold",
} as const;

function inputOf(bucket: string, key: string, { query, headers }: S3Request): Input {
  const input: Record<string, unknown> = {};
  if (bucket !== "") input.Bucket = bucket;
  if (key !== "") input.Key = key;
  for (const [member, header] of Object.entries(memberHeaders)) {
    if (headers[header] !== undefined) input[member] = headers[header];
  }
  const prefix = query.get("prefix");
  if (prefix !== null && key === "") input.Prefix = prefix;
  const version = query.get("versionId");
  if (version !== null) input.VersionId = version;
  return input;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new AwsError("InvalidURI", `The path ${path} isn't percent-encoded UTF-8.`);
  }
}

/**
 * The operation and as much of its input as permissions depend on. A request that isn't known comes back under a name
 * such as `GET bucket acl`, which `requirementsOf` refuses.
 * @throws AwsError InvalidURI
 */
export function s3RequestOf(request: S3Request): { operation: string; input: Input } {
  const [, bucket = "", ...rest] = request.path.split("/");
  const key = decoded(rest.join("/"));
  const input = inputOf(bucket, key, request);
  const { method, query, headers } = request;
  if (method === "PUT" && headers["x-amz-copy-source"] !== undefined) return { operation: "CopyObject", input };
  const parameters = [...query.keys()].filter((name) => !plainParameters.has(name) && !name.startsWith("response-"));
  const what = bucket === "" ? "service" : key === "" ? "bucket" : "object";
  const name = [method, what, ...parameters.sort()].join(" ");
  if (name === "GET bucket" && query.get("list-type") === "2") return { operation: "ListObjectsV2", input };
  return { operation: operations[name] ?? name, input };
}
