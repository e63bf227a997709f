/**
 * S3 inside the runtime: the operations that the pipeline and its tools call, over objects in files. Versions, locks,
 * lifecycles and multipart uploads aren't played; what isn't is refused by name.
 */
import type { Backend } from "../../aws/backends.ts";
import { AwsError, type Principal } from "../../aws/types.ts";
import { splitTarget } from "../../aws/wire.ts";
import { headBucket, listBuckets } from "./buckets.ts";
import { deleteObject } from "./delete-object.ts";
import { getObject } from "./get-object.ts";
import { headObject } from "./head-object.ts";
import { listObjectsV2 } from "./list-objects-v2.ts";
import { putObject } from "./put-object.ts";
import type { S3Operation } from "./shared.ts";
import type { ObjectStore } from "./store.ts";

const operations: Readonly<Record<string, S3Operation>> = {
  ListBuckets: listBuckets,
  HeadBucket: headBucket,
  ListObjectsV2: listObjectsV2,
  PutObject: putObject,
  GetObject: getObject,
  HeadObject: headObject,
  DeleteObject: deleteObject,
};

/** @param requireList throws when a principal may not list a bucket */
export function s3Backend(store: ObjectStore, requireList: (principal: Principal, bucket: string) => void): Backend {
  return {
    async call({ operation }) {
      throw new AwsError("NotImplemented", `S3 ${operation} is only served over HTTP.`, { status: 501 });
    },
    async forward({ principal, operation, input, request }) {
      const run = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
      if (run === undefined) {
        throw new AwsError("NotImplemented", `S3 ${operation} is not covered by the local runtime.`, { status: 501 });
      }
      const { Bucket: bucket = "", Key: key = "" } = input as { readonly Bucket?: string; readonly Key?: string };
      const { query } = splitTarget(request.url);
      const call = { store, bucket, key, query, request, requireList: () => requireList(principal, bucket) };
      try {
        return run(call);
      } catch (error) {
        // An answer to HEAD has no body to say it in.
        if (!(error instanceof AwsError) || request.method !== "HEAD") throw error;
        return { status: error.status, headers: {}, body: "" };
      }
    },
  };
}
