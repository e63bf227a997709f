/** Data is encrypted with our keys, travels over TLS alone, is closed to the public and can be recovered. */
import {
  breaking,
  environmentOf,
  everyEnvironment,
  ofType,
  referred,
  resources,
  type StackResource,
  statements,
} from "./everyStack.ts";

const isOurKey = (value: unknown) => /^\$\{.*payments-(data|messaging)-key.*\}$/.test(String(value));

describe("encryption", () => {
  it.each([
    ["aws_sqs_queue", "kms_master_key_id"],
    ["aws_sns_topic", "kms_master_key_id"],
    ["aws_cloudwatch_event_bus", "kms_key_identifier"],
    ["aws_cloudwatch_log_group", "kms_key_id"],
    ["aws_secretsmanager_secret", "kms_key_id"],
  ])("every %s has our key", (type, argument) => {
    expect(breaking(type, ({ config }) => !isOurKey(config[argument]))).toEqual([]);
  });

  it("every table has our key", () => {
    const keyOf = (config: Readonly<Record<string, unknown>>) =>
      (config.server_side_encryption as { kms_key_arn?: string } | undefined)?.kms_key_arn;
    expect(breaking("aws_dynamodb_table", ({ config }) => !isOurKey(keyOf(config)))).toEqual([]);
  });

  it("every bucket has our key", () => {
    const encryptions = ofType("aws_s3_bucket_server_side_encryption_configuration");
    expect(encryptions).toHaveLength(ofType("aws_s3_bucket").length);
    for (const { config } of encryptions) {
      const [rule] = config.rule as { apply_server_side_encryption_by_default: Record<string, unknown> }[];
      expect(rule?.apply_server_side_encryption_by_default).toMatchObject({ sse_algorithm: "aws:kms" });
      expect(isOurKey(rule?.apply_server_side_encryption_by_default.kms_master_key_id)).toBe(true);
    }
  });

  it("every key rotates", () => {
    expect(breaking("aws_kms_key", ({ config }) => config.enable_key_rotation !== true)).toEqual([]);
  });
});

describe("transport", () => {
  it.each([
    ["aws_sqs_queue", "aws_sqs_queue_policy", "queue_url"],
    ["aws_sns_topic", "aws_sns_topic_policy", "arn"],
    ["aws_s3_bucket", "aws_s3_bucket_policy", "bucket"],
  ])("every %s refuses calls without TLS", (type, policyType, argument) => {
    const refusing = statements
      .filter(({ resource, Effect: effect, Condition: condition }) => {
        return (
          resource.type === policyType && effect === "Deny" && condition?.Bool?.["aws:SecureTransport"] === "false"
        );
      })
      .map(({ resource }) => `${resource.stack} ${String(resource.config[argument]).slice(2).split(".", 2).join(".")}`);
    expect(breaking(type, ({ place }) => !refusing.includes(place))).toEqual([]);
  });
});

describe("access", () => {
  it("every bucket is closed to the public", () => {
    const blocks = ofType("aws_s3_bucket_public_access_block");
    expect(blocks).toHaveLength(ofType("aws_s3_bucket").length);
    for (const { config } of blocks) {
      expect(config).toMatchObject({
        block_public_acls: true,
        block_public_policy: true,
        ignore_public_acls: true,
        restrict_public_buckets: true,
      });
    }
  });

  it("no policy lets just anybody in", () => {
    const open = statements.filter(
      ({ Effect: effect, Principal: principal }) =>
        effect === "Allow" && JSON.stringify(principal ?? "").includes('"*"'),
    );
    expect(open.map(({ resource }) => resource.place)).toEqual([]);
  });
});

describe("recovery", () => {
  it("every table can be recovered to any second of 35 days", () => {
    for (const { place, config } of ofType("aws_dynamodb_table")) {
      expect([place, config.point_in_time_recovery]).toEqual([place, { enabled: true, recovery_period_in_days: 35 }]);
    }
  });

  const holdingData = ["aws_dynamodb_table", "aws_s3_bucket", "aws_kms_key", "aws_secretsmanager_secret"];
  const refusesDestroy = ({ config }: StackResource) =>
    (config.lifecycle as { prevent_destroy?: boolean } | undefined)?.prevent_destroy === true;
  const dataOf = (environment: string) =>
    resources.filter(({ stack, type }) => stack === `data-${environment}` && holdingData.includes(type));

  it("prod refuses to destroy what holds data, and nothing else", () => {
    expect(new Set(dataOf("prod").map(({ type }) => type))).toEqual(new Set(holdingData));
    const refusing = resources.filter((resource) => resource.stack.endsWith("-prod") && refusesDestroy(resource));
    expect(refusing.map(({ place }) => place)).toEqual(dataOf("prod").map(({ place }) => place));
  });

  it("prod's tables refuse to be deleted by whoever asks", () => {
    const open = dataOf("prod").filter(
      ({ type, config }) => type === "aws_dynamodb_table" && config.deletion_protection_enabled !== true,
    );
    expect(open.map(({ place }) => place)).toEqual([]);
  });

  it("what is destroyable can be destroyed whole", () => {
    const kept = resources.filter(
      (resource) =>
        environmentOf(resource.stack).destroyable &&
        (refusesDestroy(resource) || resource.config.deletion_protection_enabled === true),
    );
    expect(kept.map(({ place }) => place)).toEqual([]);
  });

  it.each([
    ["aws_s3_bucket", "force_destroy", true, false],
    ["aws_ecr_repository", "force_delete", true, false],
    ["aws_secretsmanager_secret", "recovery_window_in_days", 0, 30],
    ["aws_kms_key", "deletion_window_in_days", 7, 30],
  ])("every %s has the %s that its environment says", (type, argument, destroyed, kept) => {
    expect(
      breaking(type, ({ stack, config }) => config[argument] !== (environmentOf(stack).destroyable ? destroyed : kept)),
    ).toEqual([]);
  });

  it("nothing but buckets and repositories is deleted with its content", () => {
    const forced = resources.filter(({ config }) => config.force_destroy === true || config.force_delete === true);
    expect(new Set(forced.map(({ type }) => type))).toEqual(new Set(["aws_s3_bucket", "aws_ecr_repository"]));
  });
});

describe("object lock", () => {
  it("is on the archive of just those environments that say so, for their days", () => {
    const locked = ofType("aws_s3_bucket_object_lock_configuration").map(({ stack, config }) => [stack, config.rule]);
    const wanted = everyEnvironment.flatMap(({ name, objectLock }) =>
      objectLock === undefined ? [] : [[`data-${name}`, { default_retention: objectLock }]],
    );
    expect(locked).toEqual(wanted);
  });

  it("is never on what `destroy` would empty", () => {
    for (const lock of ofType("aws_s3_bucket_object_lock_configuration")) {
      const bucket = referred(lock, lock.config.bucket);
      expect(bucket?.place).toContain("transaction-audit-logs");
      expect(bucket?.config).toMatchObject({
        object_lock_enabled: true,
        force_destroy: false,
        lifecycle: { prevent_destroy: true },
      });
    }
  });

  it("is on versioned buckets alone", () => {
    const versioned = ofType("aws_s3_bucket_versioning").map(({ stack, config }) => `${stack} ${config.bucket}`);
    expect(
      breaking("aws_s3_bucket_object_lock_configuration", ({ stack, config }) => {
        return !versioned.includes(`${stack} ${config.bucket}`);
      }),
    ).toEqual([]);
  });
});

describe("secrets", () => {
  it("no secret's value stands in Terraform", () => {
    expect(resources.filter(({ type }) => type === "aws_secretsmanager_secret_version")).toEqual([]);
  });

  it("nothing looks like a secret", () => {
    const looks = /whsec_|sk_(live|test)_|AKIA[0-9A-Z]{16}|PRIVATE KEY|gh[pousr]_[A-Za-z0-9]{30}|"password"/;
    expect(resources.filter(({ config }) => looks.test(JSON.stringify(config))).map(({ place }) => place)).toEqual([]);
  });

  it("functions know the references of secrets alone", () => {
    for (const { config } of ofType("aws_lambda_function")) {
      const { variables } = config.environment as { variables: Record<string, string> };
      for (const [name, value] of Object.entries(variables).filter(([each]) =>
        /SECRET|TOKEN|PASSWORD|KEY/.test(each),
      )) {
        expect([name, Object.values(JSON.parse(value))]).toEqual([
          name,
          Object.values(JSON.parse(value)).map(() =>
            expect.stringMatching(/^\$\{[^}]*secretsmanager_secret[^}]*arn\}$/),
          ),
        ]);
      }
    }
  });
});
