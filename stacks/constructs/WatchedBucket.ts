import { S3BucketInventory } from "@cdktf/provider-aws/lib/s3-bucket-inventory/index.js";
import { S3BucketLoggingA } from "@cdktf/provider-aws/lib/s3-bucket-logging/index.js";
import type { Construct } from "constructs";
import { Bucket, type BucketProps } from "./Bucket.ts";
import type { LogBucket } from "./LogBucket.ts";

export interface WatchedBucketProps extends BucketProps {
  /** Where S3 writes who did what with the bucket, and once a day what is in it. Has to know the bucket as a source. */
  readonly logBucket: LogBucket;
  /** Id of the account, which owns the log bucket as well. */
  readonly account: string;
}

/** What the inventory says of each version, besides key, version and whether it is the latest. */
const inventoryFields = [
  "Size",
  "LastModifiedDate",
  "ETag",
  "StorageClass",
  "EncryptionStatus",
  "ChecksumAlgorithm",
  "ObjectLockMode",
  "ObjectLockRetainUntilDate",
];

/** A bucket with access logs and a daily inventory of every version. */
export class WatchedBucket extends Bucket {
  constructor(scope: Construct, id: string, props: WatchedBucketProps) {
    const { logBucket, account, ...bucketProps } = props;
    super(scope, id, bucketProps);
    new S3BucketLoggingA(this, "access-logs", {
      bucket: this.bucketName,
      targetBucket: logBucket.bucketName,
      targetPrefix: logBucket.accessPrefix,
      targetObjectKeyFormat: { partitionedPrefix: { partitionDateSource: "EventTime" } },
      // S3 asks the log bucket's policy before it takes the setting.
      dependsOn: [logBucket.policy],
    });
    new S3BucketInventory(this, "inventory", {
      bucket: this.bucketName,
      name: "daily",
      includedObjectVersions: "All",
      schedule: { frequency: "Daily" },
      optionalFields: inventoryFields,
      destination: {
        bucket: {
          bucketArn: logBucket.arn,
          accountId: account,
          format: "Parquet",
          // S3 puts a slash after it.
          prefix: logBucket.inventoryPrefix.replace(/\/$/, ""),
          encryption: { sseS3: {} },
        },
      },
    });
  }
}
