/** What keeps the bucket from growing for ever, and from being nobody's. */
import {
  GetBucketLifecycleConfigurationCommand,
  GetBucketTaggingCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketTaggingCommand,
} from "@aws-sdk/client-s3";
import { found, type StepMaker } from "./step.ts";

/** Old versions of a state are of use for as long as somebody may want to look at them, or to go back to one. */
const keptDays = 90;
const historyRule = "state-history";

export const history: StepMaker = (s3, { bucket: Bucket, account }) => {
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

export const tagging: StepMaker = (s3, { bucket: Bucket, account, tags }) => {
  const present = async () => {
    let there: Readonly<Record<string, string>> = {};
    await found("NoSuchTagSet", async () => {
      const { TagSet = [] } = await s3.send(new GetBucketTaggingCommand({ Bucket, ExpectedBucketOwner: account }));
      there = Object.fromEntries(TagSet.map(({ Key = "", Value = "" }) => [Key, Value]));
      return true;
    });
    return there;
  };
  return {
    deed: `tag it (${Object.keys(tags).join(", ")})`,
    isDone: async () => {
      const there = await present();
      return Object.keys(tags).every((key) => Object.hasOwn(there, key));
    },
    make: async () => {
      // S3 takes the whole set or none.
      const all = Object.entries({ ...tags, ...(await present()) });
      const TagSet = all.map(([Key, Value]) => ({ Key, Value }));
      await s3.send(new PutBucketTaggingCommand({ Bucket, ExpectedBucketOwner: account, Tagging: { TagSet } }));
    },
  };
};
