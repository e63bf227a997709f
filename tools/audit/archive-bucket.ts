/** The archive's bucket of an environment. */
import { S3Client } from "@aws-sdk/client-s3";
import { archiveBucketName } from "../aws/archive-bucket.ts";
import { clientOptionsOf } from "../aws/clients.ts";
import { placeOf, type Target } from "../aws/target.ts";
import { bucketSource } from "./source/bucket.ts";
import type { ArchiveSource } from "./source/source.ts";

/** @param bucket its name; without, it is that of the environment, its account and region */
export async function archiveBucket(target: Target, bucket: string | undefined): Promise<ArchiveSource> {
  const options = clientOptionsOf(target);
  // A large object takes longer to begin with than a record of a table.
  const requestHandler = { ...options.requestHandler, requestTimeout: 30_000 };
  const s3 = new S3Client({ ...options, requestHandler, forcePathStyle: target.endpoint !== undefined });
  const name = await archiveBucketName(target, bucket);
  if (name === undefined) throw new Error("The credentials name no account: say --bucket.");
  return bucketSource(s3, name, placeOf(target));
}
