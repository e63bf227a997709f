import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js";
import { S3BucketObjectLockConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-object-lock-configuration/index.js";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls/index.js";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy/index.js";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block/index.js";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning/index.js";
import { Construct } from "constructs";
import { type BucketLifecycle, lifecycleRules } from "./bucketLifecycle.ts";
import type { EncryptionKey } from "./EncryptionKey.ts";
import { allow, denyInsecureTransport, denyOverwriting, policyDocument, type Statement } from "./policy.ts";
import { checkRules } from "./rules.ts";

export interface BucketProps extends BucketLifecycle {
  readonly bucketName: string;
  /** S3's own keys (SSE-S3) when absent, the only ones under which S3 writes access logs. */
  readonly key?: EncryptionKey;
  /** What AWS services that act by themselves may do with its objects, given the bucket's ARN. */
  readonly serviceStatements?: (bucketArn: string) => readonly Statement[];
  /** Objects are created and never overwritten: a put without `If-None-Match` is refused, whoever sends it. */
  readonly createOnly?: boolean;
  /** Whether `destroy` deletes the bucket with what is in it. */
  readonly destroyable: boolean;
  /** Days for which no version can be deleted or overwritten, and whether an administrator may lift that. */
  readonly objectLock?: { readonly mode: "GOVERNANCE" | "COMPLIANCE"; readonly days: number };
}

/** A private, encrypted, TLS-only bucket whose objects have an end. */
export class Bucket extends Construct {
  readonly arn: string;
  readonly bucketName: string;
  /** What is told to write here has to wait for it. */
  readonly policy: S3BucketPolicy;
  readonly #key: EncryptionKey | undefined;

  constructor(scope: Construct, id: string, props: BucketProps) {
    super(scope, id);
    const { bucketName, key, versioned, transitions, expireAfterDays, destroyable, objectLock } = props;
    const { serviceStatements = () => [], createOnly = false } = props;
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
    this.policy = this.#close(bucket.id, [
      ...(createOnly ? [denyOverwriting(bucket.arn)] : []),
      ...serviceStatements(bucket.arn),
    ]);
    if (versioned) this.#keepVersions(bucket.id, objectLock);
    new S3BucketLifecycleConfiguration(this, "lifecycle", {
      bucket: bucket.id,
      rule: lifecycleRules(props),
    });
  }

  /** Allows to put objects, below the prefixes alone where some are given; none to read or delete. */
  allowPut(...prefixes: readonly string[]): readonly Statement[] {
    return [allow(["s3:PutObject"], this.#objects(prefixes)), ...this.#allowKey("GenerateDataKey")];
  }

  /** Allows to read objects, below the prefixes alone where some are given. */
  allowGet(...prefixes: readonly string[]): readonly Statement[] {
    return [allow(["s3:GetObject"], this.#objects(prefixes)), ...this.#allowKey("Decrypt")];
  }

  /**
   * Allows to list keys. Whoever reads what may not be there needs it, too: S3 answers 403 instead of 404 without. So it
   * has no condition on prefixes, which such a read doesn't have.
   */
  allowList(): readonly Statement[] {
    return [allow(["s3:ListBucket"], [this.arn])];
  }

  #objects(prefixes: readonly string[]): readonly string[] {
    return prefixes.length === 0 ? [`${this.arn}/*`] : prefixes.map((prefix) => `${this.arn}/${prefix}*`);
  }

  #allowKey(operation: "Decrypt" | "GenerateDataKey"): readonly Statement[] {
    return this.#key === undefined ? [] : [this.#key.allow("s3", operation)];
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

  /** Nobody outside the account, no ACLs, nothing unencrypted, nothing without TLS, and what else is stated. */
  #close(bucket: string, statements: readonly Statement[]): S3BucketPolicy {
    const access = new S3BucketPublicAccessBlock(this, "public-access", {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketOwnershipControls(this, "ownership", { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } });
    const byDefault =
      this.#key === undefined
        ? { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }
        : {
            applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: this.#key.arn },
            bucketKeyEnabled: true,
          };
    new S3BucketServerSideEncryptionConfigurationA(this, "encryption", { bucket, rule: [byDefault] });
    return new S3BucketPolicy(this, "policy", {
      bucket,
      policy: policyDocument([denyInsecureTransport(["s3:*"], [this.arn, `${this.arn}/*`]), ...statements]),
      // S3 refuses two changes of a bucket's access at a time.
      dependsOn: [access],
    });
  }
}
