/** Where Terraform keeps its state: a bucket that the environment variables name, or this machine. */
import { ConfigurationError } from "./configuration-error.ts";
import { regionForm } from "./names.ts";

export interface StateBucket {
  readonly bucket: string;
  /** The bucket's own; the environment's when absent. */
  readonly region?: string;
}

/** Names that S3 keeps for itself. Source: S3 User Guide, "General purpose bucket naming rules". */
const reserved = /^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|--x-s3|--table-s3|\.mrap)$|^\d+\.\d+\.\d+\.\d+$|\.\./;

/** What is wrong with a bucket's name, if anything, as the end of a sentence about it. */
export function bucketNameProblem(name: string): string | undefined {
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)) {
    return "a bucket's name has 3 to 63 lower-case letters, digits, dots and hyphens, a letter or digit at both ends";
  }
  return reserved.test(name) ? "S3 refuses this beginning, this end or this form" : undefined;
}

/** The same for a bucket that is still to be made, and so can have a name without a disadvantage. */
export function newBucketNameProblem(name: string): string | undefined {
  const dotted = "with a dot in it no wildcard certificate of S3 fits, so that TLS clients refuse it: use hyphens";
  return bucketNameProblem(name) ?? (name.includes(".") ? dotted : undefined);
}

/**
 * The bucket of TERRAFORM_STATE_BUCKET and TERRAFORM_STATE_BUCKET_REGION; undefined when they are unset or empty.
 *
 * @throws ConfigurationError with what is wrong with either.
 */
export function readStateBucket(variables: Readonly<Record<string, string | undefined>>): StateBucket | undefined {
  const { TERRAFORM_STATE_BUCKET: bucket, TERRAFORM_STATE_BUCKET_REGION: region } = variables;
  const nameProblem = bucket ? bucketNameProblem(bucket) : undefined;
  const problems = [
    ...(nameProblem === undefined ? [] : [`TERRAFORM_STATE_BUCKET is "${bucket}": ${nameProblem}.`]),
    ...(region && !regionForm.test(region)
      ? [`TERRAFORM_STATE_BUCKET_REGION is "${region}": write a region such as "eu-central-1".`]
      : []),
    ...(region && !bucket
      ? [`TERRAFORM_STATE_BUCKET is not set, but its region is "${region}": set both, or neither for local state.`]
      : []),
  ];
  if (problems.length > 0) throw new ConfigurationError(problems);
  return bucket ? { bucket, ...(region && { region }) } : undefined;
}
