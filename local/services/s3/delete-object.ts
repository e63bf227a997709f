import { requireBucket, type S3Operation } from "./shared.ts";

/** Removes an object for good: no versions are kept, and nothing is locked. One that isn't there is removed already. */
export const deleteObject: S3Operation = (call) => {
  requireBucket(call);
  call.store.remove(call.bucket, call.key);
  return { status: 204, headers: {}, body: "" };
};
