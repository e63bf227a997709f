import type { S3Client } from "@aws-sdk/client-s3";
import { makeStateBucket, missingOf } from "../../../tools/deploy/state-bucket.ts";
import { deployError } from "./fixtures.ts";

const state = {
  bucket: "state",
  region: "eu-central-1",
  account: "111122223333",
  isTlsOnly: true,
  tags: { Project: "p", Stack: "state" },
};

class S3Error extends Error {
  readonly $metadata: { readonly httpStatusCode: number };
  constructor(name: string, httpStatusCode: number) {
    super(name);
    this.name = name;
    this.$metadata = { httpStatusCode };
  }
}

type Input = Record<string, unknown>;

/** A bucket as S3 keeps it. `failing` is the operation that fails, once. */
function fakeS3(bucket: Input | undefined, problems: Readonly<Record<string, Error>> = {}) {
  let present = bucket;
  const failing = { ...problems };
  const calls: { readonly operation: string; readonly input: Input }[] = [];
  const property = (name: string, missing: string) => {
    if (present?.[name] === undefined) throw new S3Error(missing, 404);
    return { [name]: present[name] };
  };
  const operations: Readonly<Record<string, (input: Input) => unknown>> = {
    HeadBucket() {
      if (present === undefined) throw new S3Error("NotFound", 404);
      return { BucketRegion: present.region };
    },
    CreateBucket({ CreateBucketConfiguration: where }) {
      present = { region: (where as Input | undefined)?.LocationConstraint ?? "us-east-1" };
    },
    GetBucketVersioning: () => ({ Status: present?.Status }),
    GetBucketEncryption: () =>
      property("ServerSideEncryptionConfiguration", "ServerSideEncryptionConfigurationNotFoundError"),
    GetPublicAccessBlock: () => property("PublicAccessBlockConfiguration", "NoSuchPublicAccessBlockConfiguration"),
    GetBucketPolicy: () => property("Policy", "NoSuchBucketPolicy"),
    GetBucketLifecycleConfiguration: () => property("Rules", "NoSuchLifecycleConfiguration"),
    GetBucketTagging: () => property("TagSet", "NoSuchTagSet"),
    PutBucketTagging: ({ Tagging }) => Object.assign(present ?? {}, Tagging),
    PutBucketVersioning: ({ VersioningConfiguration }) => Object.assign(present ?? {}, VersioningConfiguration),
    PutBucketLifecycleConfiguration: ({ LifecycleConfiguration }) =>
      Object.assign(present ?? {}, LifecycleConfiguration),
  };
  const send = async (command: { readonly constructor: { readonly name: string }; readonly input: Input }) => {
    const operation = command.constructor.name.replace(/Command$/, "");
    calls.push({ operation, input: command.input });
    const problem = failing[operation];
    delete failing[operation];
    if (problem !== undefined) throw problem;
    return operations[operation]?.(command.input) ?? Object.assign(present ?? {}, command.input);
  };
  return {
    s3: { send } as unknown as Pick<S3Client, "send">,
    calls,
    writes: () => calls.map(({ operation }) => operation).filter((name) => /^(Put|Create)/.test(name)),
    present: () => present,
  };
}

const everything = [
  "make the bucket in eu-central-1",
  "turn versioning on",
  "turn encryption on (SSE-S3)",
  "block public access",
  "refuse requests without TLS",
  "let old versions expire after 90 days",
  "tag it (Project, Stack)",
];

describe("makeStateBucket", () => {
  it("makes the bucket with all its properties, and nothing more the second time", async () => {
    const fake = fakeS3(undefined);
    expect(await missingOf(fake.s3, state)).toEqual(everything);
    expect(fake.writes()).toEqual([]);
    expect(await makeStateBucket(fake.s3, state)).toEqual(everything);
    expect(fake.present()).toMatchObject({
      region: "eu-central-1",
      Status: "Enabled",
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      Rules: [{ ID: "state-history", Status: "Enabled", NoncurrentVersionExpiration: { NoncurrentDays: 90 } }],
      TagSet: [
        { Key: "Project", Value: "p" },
        { Key: "Stack", Value: "state" },
      ],
    });
    expect(JSON.parse(fake.present()?.Policy as string).Statement).toEqual([
      {
        Sid: "DenyPlainHttp",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: ["arn:aws:s3:::state", "arn:aws:s3:::state/*"],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
    const before = fake.writes().length;
    expect(await makeStateBucket(fake.s3, state)).toEqual([]);
    expect(await missingOf(fake.s3, state)).toEqual([]);
    expect(fake.writes()).toHaveLength(before);
  });

  it("finishes what a run that was cut off has left", async () => {
    const fake = fakeS3(undefined, { PutPublicAccessBlock: new S3Error("InternalError", 500) });
    await expect(makeStateBucket(fake.s3, state)).rejects.toThrow("InternalError");
    expect(await makeStateBucket(fake.s3, state)).toEqual(everything.slice(3));
  });

  it("keeps what somebody has set: a KMS key, other rules, other statements, other tags", async () => {
    const encryption = {
      Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: "k" } }],
    };
    const own = {
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::999999999999:root" },
      Action: "s3:GetObject",
      Resource: "*",
    };
    const fake = fakeS3({
      region: "eu-central-1",
      ServerSideEncryptionConfiguration: encryption,
      Policy: JSON.stringify({ Version: "2012-10-17", Statement: own }),
      Rules: [{ ID: "theirs", Status: "Enabled" }],
      TagSet: [
        { Key: "Project", Value: "theirs" },
        { Key: "Owner", Value: "them" },
      ],
    });
    expect(await makeStateBucket(fake.s3, state)).toEqual(everything.filter((_, at) => ![0, 2].includes(at)));
    expect(fake.present()?.ServerSideEncryptionConfiguration).toBe(encryption);
    expect(JSON.parse(fake.present()?.Policy as string).Statement).toEqual([
      own,
      expect.objectContaining({ Effect: "Deny" }),
    ]);
    expect(fake.present()?.Rules).toEqual([
      { ID: "theirs", Status: "Enabled" },
      expect.objectContaining({ ID: "state-history" }),
    ]);
    expect(fake.present()?.TagSet).toEqual([
      { Key: "Project", Value: "theirs" },
      { Key: "Stack", Value: "state" },
      { Key: "Owner", Value: "them" },
    ]);
  });

  it("asks every time that the bucket is this account's", async () => {
    const fake = fakeS3(undefined);
    await makeStateBucket(fake.s3, state);
    const others = fake.calls.filter(({ operation }) => operation !== "CreateBucket");
    expect(others.every(({ input }) => input.ExpectedBucketOwner === state.account)).toBe(true);
  });

  it.each([
    ["somebody else's", { HeadBucket: new S3Error("403", 403) }],
    ["somebody else's, found out late", { CreateBucket: new S3Error("BucketAlreadyExists", 409) }],
    ["in another region", { HeadBucket: new S3Error("PermanentRedirect", 301) }],
  ])("refuses a bucket that is %s, and changes nothing", async (_, problems) => {
    const fake = fakeS3(undefined, problems);
    const error = await deployError(makeStateBucket(fake.s3, state));
    expect(error).toMatchObject({ code: "foreign-bucket", message: expect.stringContaining("--bucket") });
    expect(fake.writes().filter((name) => name !== "CreateBucket")).toEqual([]);
  });

  it("refuses a bucket of this account in another region", async () => {
    const error = await deployError(makeStateBucket(fakeS3({ region: "us-west-2" }).s3, state));
    expect(error).toMatchObject({
      code: "foreign-bucket",
      message: expect.stringContaining("in us-west-2 and not in eu-central-1"),
    });
  });

  it("names no location for the oldest region, and the partition of the others", async () => {
    const oldest = fakeS3(undefined);
    await makeStateBucket(oldest.s3, { ...state, region: "us-east-1" });
    expect(oldest.calls.find(({ operation }) => operation === "CreateBucket")?.input).toEqual({ Bucket: "state" });
    const china = fakeS3(undefined);
    await makeStateBucket(china.s3, { ...state, region: "cn-north-1" });
    expect(china.present()?.Policy).toContain("arn:aws-cn:s3:::state/*");
  });

  it("leaves TLS out where the endpoint has none", async () => {
    const fake = fakeS3(undefined);
    expect(await makeStateBucket(fake.s3, { ...state, isTlsOnly: false })).toEqual(
      everything.filter((_, at) => at !== 4),
    );
    expect(fake.present()).not.toHaveProperty("Policy");
  });
});
