import { Bucket, type BucketProps } from "../../../stacks/constructs/Bucket.ts";
import { onlyResource, resourcesOf, synthesize } from "../synthesized.ts";
import { keyIn, statementsOf } from "./fixtures.ts";

function bucket(props: Partial<BucketProps> = {}, use: (bucket: Bucket) => void = () => {}) {
  return synthesize((scope) => {
    use(
      new Bucket(scope, "bucket", {
        bucketName: "a-bucket",
        key: keyIn(scope),
        versioned: true,
        transitions: [
          { storageClass: "STANDARD_IA", afterDays: 30 },
          { storageClass: "GLACIER", afterDays: 90 },
        ],
        expireAfterDays: 365,
        destroyable: true,
        ...props,
      }),
    );
  });
}

const lifecycle = "aws_s3_bucket_lifecycle_configuration";

const lifecycleOf = (props: Partial<BucketProps> = {}) => {
  const { rule } = onlyResource(bucket(props), lifecycle);
  return (rule as Record<string, unknown>[])[0];
};

describe("Bucket", () => {
  it("has its name", () => expect(onlyResource(bucket(), "aws_s3_bucket").bucket).toBe("a-bucket"));

  it("is encrypted with the key, and asks KMS once per bucket", () => {
    expect(onlyResource(bucket(), "aws_s3_bucket_server_side_encryption_configuration").rule).toEqual([
      {
        apply_server_side_encryption_by_default: {
          sse_algorithm: "aws:kms",
          kms_master_key_id: expect.stringMatching(/^\$\{aws_kms_key\.a-key_.*\.arn\}$/),
        },
        bucket_key_enabled: true,
      },
    ]);
  });

  it("is encrypted with S3's own keys when it has none of ours", () => {
    const json = synthesize((scope) => {
      new Bucket(scope, "bucket", {
        bucketName: "a-bucket",
        versioned: false,
        transitions: [],
        expireAfterDays: 1,
        destroyable: true,
      });
    });
    expect(onlyResource(json, "aws_s3_bucket_server_side_encryption_configuration").rule).toEqual([
      { apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } },
    ]);
  });

  it("lets services do what is said, beside refusing calls without TLS", () => {
    const said = { Effect: "Allow", Principal: { Service: "s3.amazonaws.com" }, Action: ["s3:PutObject"] } as const;
    const json = bucket({ serviceStatements: (arn) => [{ ...said, Resource: [`${arn}/x/*`] }] });
    const [, statement] = statementsOf(onlyResource(json, "aws_s3_bucket_policy").policy);
    expect(statement).toEqual({ ...said, Resource: [expect.stringMatching(/^\$\{aws_s3_bucket\..*\.arn\}\/x\/\*$/)] });
  });

  it("ends short-lived objects sooner, and their versions a day later", () => {
    const rulesOf = (props: Partial<BucketProps>) =>
      onlyResource(bucket({ shortLived: { prefix: "staging/", expireAfterDays: 9 }, ...props }), lifecycle).rule;
    const rule = { id: "short-lived", status: "Enabled", filter: [{ prefix: "staging/" }], expiration: [{ days: 9 }] };
    expect(rulesOf({})).toMatchObject([
      { id: "age" },
      { ...rule, noncurrent_version_expiration: [{ noncurrent_days: 1 }] },
    ]);
    expect(rulesOf({ versioned: false })).toMatchObject([{ id: "age" }, rule]);
  });

  it("keeps versions when asked", () => {
    expect(onlyResource(bucket({ versioned: true }), "aws_s3_bucket_versioning").versioning_configuration).toEqual({
      status: "Enabled",
    });
  });

  it("keeps no versions when not asked", () => {
    expect(resourcesOf(bucket({ versioned: false }), "aws_s3_bucket_versioning")).toEqual([]);
  });

  it("moves objects", () => {
    expect(lifecycleOf()?.transition).toEqual([
      { days: 30, storage_class: "STANDARD_IA" },
      { days: 90, storage_class: "GLACIER" },
    ]);
  });

  it("moves those below prefixes alone, where that is said", () => {
    const transition = [
      { days: 30, storage_class: "STANDARD_IA" },
      { days: 90, storage_class: "GLACIER" },
    ];
    const rules = onlyResource(bucket({ movedPrefixes: ["a/", "b/"] }), lifecycle).rule as Record<string, unknown>[];
    expect(rules[0]).not.toHaveProperty("transition");
    expect(rules.slice(1)).toEqual([
      { id: "move-a", status: "Enabled", filter: [{ prefix: "a/" }], transition },
      { id: "move-b", status: "Enabled", filter: [{ prefix: "b/" }], transition },
    ]);
  });

  it("ends objects", () => expect(lifecycleOf({ expireAfterDays: 400 })?.expiration).toEqual([{ days: 400 }]));

  it("ends former versions as well, where there are any", () => {
    expect(lifecycleOf()?.noncurrent_version_expiration).toEqual([{ noncurrent_days: 365 }]);
    expect(lifecycleOf({ versioned: false })).not.toHaveProperty("noncurrent_version_expiration");
  });

  it("ends uploads that nobody finished", () => {
    expect(lifecycleOf()?.abort_incomplete_multipart_upload).toEqual([{ days_after_initiation: 7 }]);
  });

  it.each([true, false])("can be destroyed with its objects: %s", (destroyable) => {
    expect(onlyResource(bucket({ destroyable }), "aws_s3_bucket")).toMatchObject({
      force_destroy: destroyable,
      lifecycle: { prevent_destroy: !destroyable },
    });
  });

  it("locks every version from its beginning, once versions are kept", () => {
    const locked = bucket({ destroyable: false, objectLock: { mode: "COMPLIANCE", days: 77 } });
    expect(onlyResource(locked, "aws_s3_bucket").object_lock_enabled).toBe(true);
    expect(onlyResource(locked, "aws_s3_bucket_object_lock_configuration")).toMatchObject({
      rule: { default_retention: { mode: "COMPLIANCE", days: 77 } },
      depends_on: [expect.stringMatching(/^aws_s3_bucket_versioning\./)],
    });
  });

  it("locks nothing when not asked", () => {
    expect(onlyResource(bucket(), "aws_s3_bucket")).not.toHaveProperty("object_lock_enabled");
    expect(resourcesOf(bucket(), "aws_s3_bucket_object_lock_configuration")).toEqual([]);
  });

  it("can't lock what it doesn't keep, nor destroy what it locks", () => {
    const broken = { objectLock: { mode: "GOVERNANCE", days: 1 }, versioned: false, destroyable: true } as const;
    expect(() => bucket(broken)).toThrow(/S3 locks versions.*\n.*locked objects can't be destroyed/);
  });

  it("is closed to the public", () => {
    expect(onlyResource(bucket(), "aws_s3_bucket_public_access_block")).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
  });

  it("has no ACLs", () => {
    expect(onlyResource(bucket(), "aws_s3_bucket_ownership_controls").rule).toEqual({
      object_ownership: "BucketOwnerEnforced",
    });
  });

  it("refuses calls without TLS, to itself and its objects", () => {
    const [statement] = statementsOf(onlyResource(bucket(), "aws_s3_bucket_policy").policy);
    expect(statement).toMatchObject({
      Effect: "Deny",
      Principal: "*",
      Action: ["s3:*"],
      Resource: [expect.stringMatching(/\.arn\}$/), expect.stringMatching(/\.arn\}\/\*$/)],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    });
  });

  it("refuses puts that could overwrite, when asked", () => {
    const policyOf = (json: ReturnType<typeof bucket>) =>
      statementsOf(onlyResource(json, "aws_s3_bucket_policy").policy).slice(1);
    expect(policyOf(bucket({ createOnly: true }))).toEqual([
      {
        Sid: "DenyOverwriting",
        Effect: "Deny",
        Principal: "*",
        Action: ["s3:PutObject"],
        Resource: [expect.stringMatching(/\.arn\}\/\*$/)],
        Condition: { Null: { "s3:if-none-match": "true" } },
      },
    ]);
    expect(policyOf(bucket())).toEqual([]);
  });

  it("names all rules that are broken, and itself", () => {
    const broken = {
      transitions: [{ storageClass: "STANDARD_IA", afterDays: 29 }],
      expireAfterDays: 20,
    } as const;
    expect(() => bucket(broken)).toThrow(/bucket is wrong:\n.*after 30 days at the earliest\n.*before a transition/);
  });

  it("allows to read objects, and to list keys", () => {
    bucket({}, (each) => {
      expect(each.allowGet()).toEqual([
        { Effect: "Allow", Action: ["s3:GetObject"], Resource: [`${each.arn}/*`] },
        expect.objectContaining({ Action: ["kms:Decrypt"] }),
      ]);
      expect(each.allowList()).toEqual([{ Effect: "Allow", Action: ["s3:ListBucket"], Resource: [each.arn] }]);
    });
  });

  it("allows it below prefixes alone, where some are given", () => {
    bucket({}, (each) => {
      const below = [`${each.arn}/a/*`, `${each.arn}/b/*`];
      expect(each.allowGet("a/", "b/")[0]).toMatchObject({ Resource: below });
      expect(each.allowPut("a/", "b/")[0]).toMatchObject({ Resource: below });
    });
  });

  it("allows to put objects, and no more", () => {
    bucket({}, (each) =>
      expect(each.allowPut()).toEqual([
        { Effect: "Allow", Action: ["s3:PutObject"], Resource: [`${each.arn}/*`] },
        expect.objectContaining({
          Action: ["kms:GenerateDataKey"],
          Condition: { StringLike: { "kms:ViaService": "s3.*.amazonaws.com" } },
        }),
      ]),
    );
  });
});
