import type { S3BucketLifecycleConfigurationRule } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js";

/** When a bucket's objects move and end, in days after their creation. */
export interface BucketLifecycle {
  readonly versioned: boolean;
  /** Days at which an object moves to a storage class; at least 30 for STANDARD_IA (AWS). */
  readonly transitions: readonly { readonly storageClass: "STANDARD_IA" | "GLACIER"; readonly afterDays: number }[];
  /** Objects that move, by their prefixes; all of them when absent. */
  readonly movedPrefixes?: readonly string[];
  /** Days at which an object ends. */
  readonly expireAfterDays: number;
  /**
   * Objects that end sooner, below a prefix. Where versions are kept, they get a delete marker then and are gone a day
   * later; a locked version stays until its lock ends, which S3's lifecycle waits for by itself.
   */
  readonly shortLived?: { readonly prefix: string; readonly expireAfterDays: number };
}

/** The rules for all objects, first, for those that move, and for the short-lived ones; of two ends S3 takes the earlier. */
export function lifecycleRules(lifecycle: BucketLifecycle): S3BucketLifecycleConfigurationRule[] {
  const { versioned, transitions, movedPrefixes, expireAfterDays, shortLived } = lifecycle;
  const transition = transitions.map((step) => ({ days: step.afterDays, storageClass: step.storageClass }));
  const age = {
    id: "age",
    status: "Enabled",
    filter: [{ prefix: "" }],
    ...(movedPrefixes === undefined && { transition }),
    expiration: [{ days: expireAfterDays }],
    ...(versioned && { noncurrentVersionExpiration: [{ noncurrentDays: expireAfterDays }] }),
    abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
  };
  const moves = (movedPrefixes ?? []).map((prefix) => {
    return { id: `move-${prefix.replace(/\W/g, "")}`, status: "Enabled", filter: [{ prefix }], transition };
  });
  if (shortLived === undefined) return [age, ...moves];
  return [
    age,
    ...moves,
    {
      id: "short-lived",
      status: "Enabled",
      filter: [{ prefix: shortLived.prefix }],
      expiration: [{ days: shortLived.expireAfterDays }],
      ...(versioned && { noncurrentVersionExpiration: [{ noncurrentDays: 1 }] }),
    },
  ];
}
