import { LogBucket } from "../../../stacks/constructs/LogBucket.ts";
import { WatchedBucket } from "../../../stacks/constructs/WatchedBucket.ts";
import { onlyResource, resourcesOf, synthesize } from "../synthesized.ts";
import { keyIn, statementsOf } from "./fixtures.ts";

const account = "111122223333";
const sourceArn = "arn:aws:s3:::a-bucket";

const json = synthesize((scope) => {
  const logBucket = new LogBucket(scope, "logs", {
    bucketName: "a-log-bucket",
    sourceArn,
    account,
    expireAfterDays: 77,
    destroyable: false,
  });
  new WatchedBucket(scope, "bucket", {
    bucketName: "a-bucket",
    key: keyIn(scope),
    versioned: true,
    transitions: [],
    expireAfterDays: 9,
    destroyable: true,
    logBucket,
    account,
  });
});

const logBucketName = expect.stringMatching(/^\$\{aws_s3_bucket\.logs_bucket_.*\.bucket\}$/);

describe("WatchedBucket", () => {
  it("is a bucket as any other", () => {
    const buckets = resourcesOf(json, "aws_s3_bucket").map(({ config }) => config);
    expect(buckets).toContainEqual(expect.objectContaining({ bucket: "a-bucket", force_destroy: true }));
  });

  it("has its accesses logged, by the day on which they happened", () => {
    expect(onlyResource(json, "aws_s3_bucket_logging")).toEqual({
      bucket: expect.stringMatching(/^\$\{aws_s3_bucket\.bucket_.*\.bucket\}$/),
      target_bucket: logBucketName,
      target_prefix: "access/",
      target_object_key_format: { partitioned_prefix: { partition_date_source: "EventTime" } },
      // S3 takes the setting only where the log bucket's policy is there already.
      depends_on: [expect.stringMatching(/^aws_s3_bucket_policy\.logs_policy_/)],
    });
  });

  it("has every version listed once a day", () => {
    expect(onlyResource(json, "aws_s3_bucket_inventory")).toMatchObject({
      included_object_versions: "All",
      schedule: { frequency: "Daily" },
      optional_fields: expect.arrayContaining(["ChecksumAlgorithm", "ObjectLockRetainUntilDate"]),
      destination: {
        bucket: {
          account_id: account,
          bucket_arn: expect.stringMatching(/^\$\{aws_s3_bucket\.logs_bucket_.*\.arn\}$/),
          format: "Parquet",
          prefix: "inventory",
          encryption: { sse_s3: {} },
        },
      },
    });
  });
});

describe("LogBucket", () => {
  it("keeps its objects for its days, under S3's own keys", () => {
    const lifecycles = resourcesOf(json, "aws_s3_bucket_lifecycle_configuration").map(({ config }) => config);
    expect(lifecycles).toContainEqual(
      expect.objectContaining({ rule: [expect.objectContaining({ expiration: [{ days: 77 }] })] }),
    );
    expect(JSON.stringify(resourcesOf(json, "aws_s3_bucket_server_side_encryption_configuration"))).toContain("AES256");
  });

  it("can't be destroyed where its environment can't", () => {
    const buckets = resourcesOf(json, "aws_s3_bucket").map(({ config }) => config);
    expect(buckets).toContainEqual(expect.objectContaining({ bucket: "a-log-bucket", force_destroy: false }));
  });

  it("takes access logs and inventories of its source alone", () => {
    const [policy] = resourcesOf(json, "aws_s3_bucket_policy").filter(({ address }) => address.includes(".logs_"));
    const granted = statementsOf(policy?.config.policy).filter(({ Effect: effect }) => effect === "Allow");
    const condition = { ArnLike: { "aws:SourceArn": sourceArn }, StringEquals: { "aws:SourceAccount": account } };
    expect(granted).toMatchObject([
      {
        Principal: { Service: "logging.s3.amazonaws.com" },
        Action: ["s3:PutObject"],
        Resource: [expect.stringMatching(/\/access\/\*$/)],
        Condition: condition,
      },
      {
        Principal: { Service: "s3.amazonaws.com" },
        Action: ["s3:PutObject"],
        Resource: [expect.stringMatching(/\/inventory\/\*$/)],
        Condition: condition,
      },
    ]);
  });
});
