import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import {
  S3BucketLifecycleConfiguration,
  type S3BucketLifecycleConfigurationRule,
} from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js";
import { S3BucketObjectLockConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-object-lock-configuration/index.js";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls/index.js";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy/index.js";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block/index.js";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning/index.js";
import { Construct } from "constructs";
import type { EncryptionKey } from "./EncryptionKey.ts";
import { allow, denyInsecureTransport, policyDocument, type Statement } from "./policy.ts";
import { checkRules } from "./rules.ts";

export interface BucketProps {
  readonly bucketName: string;
  readonly key: EncryptionKey;
  readonly versioned: boolean;
  /** Days after its creation at which an object moves to a storage class; at least 30 for STANDARD_IA (AWS). */
  readonly transitions: readonly { readonly storageClass: "STANDARD_IA" | "GLACIER"; readonly afterDays: number }[];
  /** Days after its creation at which an object ends. */
  readonly expireAfterDays: number;
  /** Whether `destroy` deletes the bucket with what is in it. */
  readonly destroyable: boolean;
  /** Days for which no version can be deleted or overwritten, and whether an administrator may lift that. */
  readonly objectLock?: { readonly mode: "GOVERNANCE" | "COMPLIANCE"; readonly days: number };
}

/** A private, encrypted, TLS-only bucket whose objects have an end. */
export class Bucket extends Construct {
  readonly arn: string;
  readonly bucketName: string;
  readonly #key: EncryptionKey;

  constructor(scope: Construct, id: string, props: BucketProps) {
    super(scope, id);
    const { bucketName, key, versioned, transitions, expireAfterDays, destroyable, objectLock } = props;
    const tooEarly = transitions.filter((step) => step.storageClass === "STANDARD_IA" && step.afterDays < 30);
    const tooLate = transitions.filter((step) => step.afterDays >= expireAfterDays);
    checkRules(this, [
      { broken: tooEarly.length > 0, message: "S3 moves objects to STANDARD_IA after 30 days at the earliest" },
      { broken: tooLate.length > 0, message: `objects expire after ${expireAfterDays} days, before a transition` },
      { broken: objectLock !== undefined && !versioned, message: "S3 locks versions: a bucket with a lock keeps them" },
      { broken: objectLock !== undefined && destroyable, message: "locked objects can't be destroyed" },
    ]);
    const bucket = new S3Bucket(this, "bucket", {
      bucket: bucketName,
      forceDestroy: destroyable,
      ...(objectLock && { objectLockEnabled: true }),
      lifecycle: { preventDestroy: !destroyable },
    });
    this.arn = bucket.arn;
    this.bucketName = bucket.bucket;
    this.#key = key;
    this.#close(bucket.id, key);
    if (versioned) this.#keepVersions(bucket.id, objectLock);
    new S3BucketLifecycleConfiguration(this, "lifecycle", {
      bucket: bucket.id,
      rule: [lifecycleRule({ versioned, transitions, expireAfterDays })],
    });
  }

  /** Allows to put objects, none to read or delete. */
  allowPut(): readonly Statement[] {
    return [allow(["s3:PutObject"], [`${this.arn}/*`]), this.#key.allow("s3", "GenerateDataKey")];
  }

  #keepVersions(bucket: string, objectLock: BucketProps["objectLock"]): void {
    const versioning = new S3BucketVersioningA(this, "versioning", {
      bucket,
      versioningConfiguration: { status: "Enabled" },
    });
    if (objectLock === undefined) return;
    new S3BucketObjectLockConfigurationA(this, "object-lock", {
      bucket,
      rule: { defaultRetention: { mode: objectLock.mode, days: objectLock.days } },
      dependsOn: [versioning],
    });
  }

  /** Nobody outside the account, no ACLs, nothing unencrypted, nothing without TLS. */
  #close(bucket: string, key: EncryptionKey): void {
    const access = new S3BucketPublicAccessBlock(this, "public-access", {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketOwnershipControls(this, "ownership", { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } });
    new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket,
      rule: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.arn },
          bucketKeyEnabled: true,
        },
      ],
    });
    new S3BucketPolicy(this, "policy", {
      bucket,
      policy: policyDocument([denyInsecureTransport(["s3:*"], [this.arn, `${this.arn}/*`])]),
      // S3 refuses two changes of a bucket's access at a time.
      dependsOn: [access],
    });
  }
}

function lifecycleRule(
  props: Pick<BucketProps, "versioned" | "transitions" | "expireAfterDays">,
): S3BucketLifecycleConfigurationRule {
  const { versioned, transitions, expireAfterDays } = props;
  return {
    id: "age",
    status: "Enabled",
    filter: [{ prefix: "" }],
    transition: transitions.map((step) => ({ days: step.afterDays, storageClass: step.storageClass })),
    expiration: [{ days: expireAfterDays }],
    ...(versioned && { noncurrentVersionExpiration: [{ noncurrentDays: expireAfterDays }] }),
    abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
  };
}
