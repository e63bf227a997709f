import { type BucketLocationConstraint, CreateBucketCommand, HeadBucketCommand } from "@aws-sdk/client-s3";
import { DeployError } from "../deploy-error.ts";
import { nameOf, type StepMaker } from "./step.ts";

/** The bucket itself. Its steps throw DeployError "foreign-bucket" when the name is somebody else's, or elsewhere. */
export const existence: StepMaker = (s3, { bucket, region, account }) => ({
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
