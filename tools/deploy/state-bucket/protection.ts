/** What keeps the state from being lost, and from being read by others. */
import {
  GetBucketEncryptionCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  PutBucketEncryptionCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
} from "@aws-sdk/client-s3";
import { deniesPlainHttp, denyPlainHttp, readPolicy } from "./policy.ts";
import { found, type StepMaker } from "./step.ts";

export const versioning: StepMaker = (s3, { bucket: Bucket, account }) => ({
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
export const encryption: StepMaker = (s3, { bucket: Bucket, account }) => ({
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

export const publicAccess: StepMaker = (s3, { bucket: Bucket, account }) => ({
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

export const tlsOnly: StepMaker = (s3, { bucket: Bucket, region, account }) => {
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
