import { AwsError } from "../../aws/types.ts";
import { receiveBody } from "./body.ts";
import { requireBucket, type S3Call, type S3Operation } from "./shared.ts";

/** Headers that are the object's own, and come back with it. */
const kept = /^(content-(type|encoding|disposition|language)|cache-control|expires|x-amz-meta-.+)$/;
/** What a put can ask for and nobody here would keep to. */
const refused = [
  "x-amz-tagging",
  "x-amz-object-lock-mode",
  "x-amz-object-lock-legal-hold",
  "x-amz-website-redirect-location",
];

/**
 * Writes an object whole. `If-None-Match: *` creates and never overwrites, `If-Match` overwrites what was read.
 * @throws AwsError PreconditionFailed (412), BadDigest, NotImplemented (501) for tags and locks
 */
export const putObject: S3Operation = (call) => {
  requireBucket(call);
  const { store, bucket, key, request } = call;
  const asked = refused.find((name) => request.headers[name] !== undefined);
  if (asked !== undefined) {
    throw new AwsError("NotImplemented", `${asked} is not covered by the local runtime.`, { status: 501 });
  }
  const { bytes, checksums } = receiveBody(request);
  checkCondition(call);
  const own = Object.entries(request.headers).flatMap(([name, value]) => {
    const plain = name === "content-encoding" ? withoutChunked(value) : value;
    return kept.test(name) && plain !== "" ? [[name, plain]] : [];
  });
  const type = Object.keys(checksums).length === 0 ? {} : { "x-amz-checksum-type": "FULL_OBJECT" };
  const object = store.put(bucket, key, bytes, { ...Object.fromEntries(own), ...checksums, ...type });
  return { status: 200, headers: { etag: object.etag, ...checksums, ...type }, body: "" };
};

function checkCondition({ store, bucket, key, request }: S3Call): void {
  const etag = store.find(bucket, key)?.etag;
  const noneMatch = request.headers["if-none-match"];
  const match = request.headers["if-match"];
  const exists = etag !== undefined && (noneMatch === "*" || noneMatch === etag);
  if (!exists && (match === undefined || match === etag)) return;
  throw new AwsError("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", {
    status: 412,
  });
}

/** `aws-chunked` is about the way, not about the object. */
function withoutChunked(encoding: string): string {
  return encoding
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "aws-chunked")
    .join(", ");
}
