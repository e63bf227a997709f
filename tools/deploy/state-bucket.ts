/**
 * The bucket that Terraform keeps its state in, once per account. Made by the SDK and not by Terraform, which would need
 * it to remember that it made it. Every step looks first, so a run that was cut off is finished by the next one, and
 * what somebody has made stricter stays.
 */
import {
  type BucketLocationConstraint,
  CreateBucketCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { DeployError } from "./deploy-error.ts";
import { deniesPlainHttp, denyPlainHttp, readPolicy } from "./state-bucket-policy.ts";

export interface StateBucket {
  readonly bucket: string;
  readonly region: string;
  /** Of the credentials; a bucket of any other account is refused. */
  readonly account: string;
  /** False for an endpoint without TLS, which a TLS-only policy would lock out. */
  readonly isTlsOnly: boolean;
}

/** One property of the bucket. */
interface Step {
  /** As it is said before and after: "turn versioning on". */
  readonly deed: string;
  isDone(): Promise<boolean>;
  make(): Promise<unknown>;
}

/** Old versions of a state are of use for as long as somebody may want to look at them, or to go back to one. */
const keptDays = 90;
const historyRule = "state-history";

/**
 * What has to be done, in words; empty when all is there. Changes nothing.
 *
 * @throws DeployError as makeStateBucket
 */
export async function missingOf(s3: Pick<S3Client, "send">, bucket: StateBucket): Promise<readonly string[]> {
  const [existence, ...properties] = stepsOf(s3, bucket);
  if (existence !== undefined && !(await existence.isDone())) return [existence, ...properties].map(({ deed }) => deed);
  const missing: string[] = [];
  for (const { deed, isDone } of properties) if (!(await isDone())) missing.push(deed);
  return missing;
}

/**
 * Makes the bucket and its properties, as far as they are missing.
 *
 * @returns what was done, in words; empty when all was there
 * @throws DeployError "foreign-bucket" when the name belongs to somebody else or to another region
 */
export async function makeStateBucket(s3: Pick<S3Client, "send">, bucket: StateBucket): Promise<readonly string[]> {
  const done: string[] = [];
  for (const step of stepsOf(s3, bucket)) {
    if (await step.isDone()) continue;
    await step.make();
    done.push(step.deed);
  }
  return done;
}

function stepsOf(s3: Pick<S3Client, "send">, state: StateBucket): readonly Step[] {
  const { isTlsOnly } = state;
  const steps = [existence, versioning, encryption, publicAccess, ...(isTlsOnly ? [tlsOnly] : []), history];
  return steps.map((step) => step(s3, state));
}

type StepMaker = (s3: Pick<S3Client, "send">, state: StateBucket) => Step;

const existence: StepMaker = (s3, { bucket, region, account }) => ({
  deed: `make the bucket in ${region}`,
  async isDone() {
    try {
      const { BucketRegion } = await s3.send(new HeadBucketCommand({ Bucket: bucket, ExpectedBucketOwner: account }));
      if (BucketRegion !== undefined && BucketRegion !== region) throw elsewhere(bucket, BucketRegion, region);
      return true;
    } catch (error) {
      const status = statusOf(error);
      if (status === 404) return false;
      if (status === 403) throw foreign(bucket, account, error);
      if (status === 301) throw elsewhere(bucket, "another region", region, error);
      throw error;
    }
  },
  async make() {
    // The oldest region is the default and may not be named.
    const location = region === "us-east-1" ? undefined : (region as BucketLocationConstraint);
    try {
      await s3.send(
        new CreateBucketCommand({
          Bucket: bucket,
          ...(location === undefined ? {} : { CreateBucketConfiguration: { LocationConstraint: location } }),
        }),
      );
    } catch (error) {
      if (nameOf(error) === "BucketAlreadyExists") throw foreign(bucket, account, error);
      // Somebody else of this account was quicker.
      if (nameOf(error) !== "BucketAlreadyOwnedByYou") throw error;
    }
  },
});

const versioning: StepMaker = (s3, { bucket: Bucket, account }) => ({
  deed: "turn versioning on",
  isDone: async () =>
    (await s3.send(new GetBucketVersioningCommand({ Bucket, ExpectedBucketOwner: account }))).Status === "Enabled",
  make: () =>
    s3.send(
      new PutBucketVersioningCommand({
        Bucket,
        ExpectedBucketOwner: account,
        VersioningConfiguration: { Status: "Enabled" },
      }),
    ),
});

/**
 * SSE-S3, and not the AWS-managed KMS key: Terraform's backend names AES256 itself with each write, the managed key's
 * policy would admit everybody who may read the bucket anyway, and the state holds no secrets. A bucket that somebody
 * has given a KMS key keeps it.
 */
const encryption: StepMaker = (s3, { bucket: Bucket, account }) => ({
  deed: "turn encryption on (SSE-S3)",
  isDone: () =>
    found("ServerSideEncryptionConfigurationNotFoundError", async () => {
      const { ServerSideEncryptionConfiguration: found } = await s3.send(
        new GetBucketEncryptionCommand({ Bucket, ExpectedBucketOwner: account }),
      );
      return (found?.Rules ?? []).some((rule) => rule.ApplyServerSideEncryptionByDefault?.SSEAlgorithm !== undefined);
    }),
  make: () =>
    s3.send(
      new PutBucketEncryptionCommand({
        Bucket,
        ExpectedBucketOwner: account,
        ServerSideEncryptionConfiguration: {
          Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
        },
      }),
    ),
});

const blocked = {
  BlockPublicAcls: true,
  BlockPublicPolicy: true,
  IgnorePublicAcls: true,
  RestrictPublicBuckets: true,
} as const;

const publicAccess: StepMaker = (s3, { bucket: Bucket, account }) => ({
  deed: "block public access",
  isDone: () =>
    found("NoSuchPublicAccessBlockConfiguration", async () => {
      const { PublicAccessBlockConfiguration: now } = await s3.send(
        new GetPublicAccessBlockCommand({ Bucket, ExpectedBucketOwner: account }),
      );
      return Object.keys(blocked).every((name) => now?.[name as keyof typeof blocked] === true);
    }),
  make: () =>
    s3.send(
      new PutPublicAccessBlockCommand({
        Bucket,
        ExpectedBucketOwner: account,
        PublicAccessBlockConfiguration: blocked,
      }),
    ),
});

const tlsOnly: StepMaker = (s3, { bucket: Bucket, region, account }) => {
  const place = { bucket: Bucket, region };
  const policy = async () => {
    let text: string | undefined;
    await found("NoSuchBucketPolicy", async () => {
      text = (await s3.send(new GetBucketPolicyCommand({ Bucket, ExpectedBucketOwner: account }))).Policy;
      return true;
    });
    return readPolicy(text);
  };
  return {
    deed: "refuse requests without TLS",
    isDone: async () => deniesPlainHttp(await policy(), place),
    make: async () => {
      const Policy = JSON.stringify(denyPlainHttp(await policy(), place));
      await s3.send(new PutBucketPolicyCommand({ Bucket, ExpectedBucketOwner: account, Policy }));
    },
  };
};

const history: StepMaker = (s3, { bucket: Bucket, account }) => {
  const rules = async () => {
    let present: Awaited<ReturnType<typeof read>> = [];
    await found("NoSuchLifecycleConfiguration", async () => {
      present = await read();
      return true;
    });
    return present;
  };
  const read = async () =>
    (await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket, ExpectedBucketOwner: account }))).Rules ?? [];
  return {
    deed: `let old versions expire after ${keptDays} days`,
    isDone: async () => (await rules()).some(({ ID }) => ID === historyRule),
    make: async () => {
      const rule = {
        ID: historyRule,
        Status: "Enabled" as const,
        Filter: { Prefix: "" },
        NoncurrentVersionExpiration: { NoncurrentDays: keptDays },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
      };
      await s3.send(
        new PutBucketLifecycleConfigurationCommand({
          Bucket,
          ExpectedBucketOwner: account,
          LifecycleConfiguration: { Rules: [...(await rules()), rule] },
        }),
      );
    },
  };
};

/** False when S3 says by `missing` that there is no such property yet. */
async function found(missing: string, look: () => Promise<boolean>): Promise<boolean> {
  try {
    return await look();
  } catch (error) {
    if (nameOf(error) === missing) return false;
    throw error;
  }
}

function foreign(bucket: string, account: string, cause: unknown): DeployError {
  return new DeployError(
    "foreign-bucket",
    `The bucket ${bucket} belongs to somebody else, or your credentials (account ${account}) may not see it. Nothing was changed. Choose another name with --bucket.`,
    { cause },
  );
}

function elsewhere(bucket: string, actual: string, wanted: string, cause?: unknown): DeployError {
  return new DeployError(
    "foreign-bucket",
    `The bucket ${bucket} exists, in ${actual} and not in ${wanted}. Give its --region, or choose another name with --bucket.`,
    { cause },
  );
}

function statusOf(error: unknown): number | undefined {
  return (error as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata?.httpStatusCode;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "";
}
