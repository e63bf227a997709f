/** What the operations share. */
import { AwsError } from "../../aws/types.ts";
import type { AwsRequest, AwsResponse } from "../../aws/wire.ts";
import type { ObjectRecord, ObjectStore } from "./store.ts";

export interface S3Call {
  readonly store: ObjectStore;
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly request: AwsRequest;
  /** Throws where the caller may not list the bucket: S3 tells nobody else that an object isn't there. */
  readonly requireList: () => void;
}

export type S3Operation = (call: S3Call) => AwsResponse;

/** @throws AwsError NoSuchBucket */
export function requireBucket({ store, bucket }: S3Call): void {
  if (store.hasBucket(bucket)) return;
  throw new AwsError("NoSuchBucket", `The specified bucket does not exist: ${bucket}`, { status: 404 });
}

/** @throws AwsError NoSuchBucket, NoSuchKey, or AccessDenied for whoever may not list the bucket */
export function findObject(call: S3Call): ObjectRecord {
  requireBucket(call);
  const object = call.store.find(call.bucket, call.key);
  if (object !== undefined) return object;
  call.requireList();
  throw new AwsError("NoSuchKey", `The specified key does not exist: ${call.key}`, { status: 404 });
}

/** What Get and Head answer of an object besides its bytes. */
export function headersOf(object: ObjectRecord, { withChecksum }: { readonly withChecksum: boolean }) {
  const told = Object.entries(object.headers).filter(([name]) => withChecksum || !name.startsWith("x-amz-checksum-"));
  return {
    ...Object.fromEntries(told),
    etag: object.etag,
    "last-modified": new Date(object.modifiedAt).toUTCString(),
    "accept-ranges": "bytes",
  };
}

export function asksForChecksum({ headers }: AwsRequest): boolean {
  return headers["x-amz-checksum-mode"]?.toUpperCase() === "ENABLED";
}
