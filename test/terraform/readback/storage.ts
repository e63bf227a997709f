import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { ListSecretsCommand, ListSecretVersionIdsCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { coldPrefixes } from "../../../config/archive.ts";
import { indexes } from "../../../config/names.ts";
import { providerNames } from "../../../config/providers.ts";
import { arn, type Deployed, refusesWithoutTls, statementsOf } from "../support/deployed.ts";
import { moto } from "../support/terraform-run.ts";

const tables = [
  { table: "transactions", keys: ["transactionId", "entry"], ttl: "ttl", indexes: [indexes.archive] },
  {
    table: "processedWebhooks",
    keys: ["eventId"],
    ttl: "ttl",
    indexes: [indexes.openReviews, indexes.undecidedEvents],
  },
  { table: "reconciliation", keys: ["id"], ttl: "ttl", indexes: [indexes.openDiscrepancies] },
  { table: "fraudCounters", keys: ["counterKey"], ttl: "ttl", indexes: [] },
] as const;

/** Tables, buckets and secrets. */
export function readBackStorage(deployed: () => Deployed): void {
  test.each(tables)(
    "the table $table has its keys, indexes, end of life, backups, encryption and protection",
    async (each) => {
      const { named, settings, client } = deployed();
      const dynamo = new DynamoDBClient(client);
      const TableName = named.tables[each.table];
      const { Table } = await dynamo.send(new DescribeTableCommand({ TableName }));
      expect(Table?.KeySchema?.map(({ AttributeName }) => AttributeName)).toEqual(each.keys);
      expect(Table?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName).toSorted() ?? []).toEqual(each.indexes);
      expect(Table).toMatchObject({
        BillingModeSummary: { BillingMode: "PAY_PER_REQUEST" },
        SSEDescription: {
          Status: "ENABLED",
          SSEType: "KMS",
          KMSMasterKeyArn: expect.stringContaining(arn("kms", "key/")),
        },
        DeletionProtectionEnabled: settings.deletionProtection,
      });
      const { TimeToLiveDescription } = await dynamo.send(new DescribeTimeToLiveCommand({ TableName }));
      expect(TimeToLiveDescription?.AttributeName).toBe(each.ttl);
      const { ContinuousBackupsDescription } = await dynamo.send(new DescribeContinuousBackupsCommand({ TableName }));
      expect(ContinuousBackupsDescription?.PointInTimeRecoveryDescription).toMatchObject({
        PointInTimeRecoveryStatus: "ENABLED",
        RecoveryPeriodInDays: settings.pointInTimeRecoveryDays,
      });
    },
  );

  const bucket = (base: string) => ({ Bucket: deployed().named.bucket(base, moto.account, moto.region) });

  test.each(["webhook-payloads", "transaction-audit-logs"])("the bucket %s is private and encrypted", async (base) => {
    const s3 = new S3Client({ ...deployed().client, forcePathStyle: true });
    const access = await s3.send(new GetPublicAccessBlockCommand(bucket(base)));
    expect(access.PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    });
    const { OwnershipControls } = await s3.send(new GetBucketOwnershipControlsCommand(bucket(base)));
    expect(OwnershipControls?.Rules).toEqual([{ ObjectOwnership: "BucketOwnerEnforced" }]);
    const encryption = await s3.send(new GetBucketEncryptionCommand(bucket(base)));
    expect(encryption.ServerSideEncryptionConfiguration?.Rules).toMatchObject([
      {
        ApplyServerSideEncryptionByDefault: {
          SSEAlgorithm: "aws:kms",
          KMSMasterKeyID: expect.stringContaining(arn("kms", "key/")),
        },
        BucketKeyEnabled: true,
      },
    ]);
    const { Policy } = await s3.send(new GetBucketPolicyCommand(bucket(base)));
    expect(statementsOf(Policy)).toContainEqual(refusesWithoutTls);
  });

  test("archived objects move and end when the settings say so, and keep their versions", async () => {
    const { client, settings } = deployed();
    const s3 = new S3Client({ ...client, forcePathStyle: true });
    const { infrequentAccessAfterDays, glacierAfterDays, expireAfterDays } = settings.archive;
    const { Rules } = await s3.send(new GetBucketLifecycleConfigurationCommand(bucket("transaction-audit-logs")));
    expect(Rules?.find(({ ID }) => ID === "age")).toMatchObject({
      Status: "Enabled",
      Expiration: { Days: expireAfterDays },
      NoncurrentVersionExpiration: { NoncurrentDays: expireAfterDays },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
    });
    const moving = Rules?.filter(({ ID }) => ID?.startsWith("move-")) ?? [];
    expect(moving.map(({ Filter }) => Filter?.Prefix)).toEqual([...coldPrefixes]);
    for (const { Transitions } of moving) {
      expect(Transitions).toMatchObject([
        { Days: infrequentAccessAfterDays, StorageClass: "STANDARD_IA" },
        { Days: glacierAfterDays, StorageClass: "GLACIER" },
      ]);
    }
    // What the archive's functions hand each other is none of it.
    const others = Rules?.filter(({ ID }) => ID !== "age" && !moving.some((one) => one.ID === ID)) ?? [];
    expect(others.map(({ Filter }) => Filter?.Prefix)).toEqual(others.map(() => "staging/"));
    const { Status } = await s3.send(new GetBucketVersioningCommand(bucket("transaction-audit-logs")));
    expect(Status).toBe("Enabled");
  });

  test("claim-checked bodies end when the settings say so", async () => {
    const s3 = new S3Client({ ...deployed().client, forcePathStyle: true });
    const { Rules } = await s3.send(new GetBucketLifecycleConfigurationCommand(bucket("webhook-payloads")));
    expect(Rules).toMatchObject([{ Status: "Enabled", Expiration: { Days: deployed().settings.payloadExpiryDays } }]);
  });

  test("every provider has its secrets without a value: people put it there, not Terraform", async () => {
    const { named, settings, client } = deployed();
    const wanted = [
      ...providerNames.map(named.providerSecret),
      ...settings.reconciledProviders.map(named.providerApiKey),
    ];
    const secrets = new SecretsManagerClient(client);
    const { SecretList = [] } = await secrets.send(new ListSecretsCommand({}));
    expect(SecretList.map(({ Name }) => Name).sort()).toEqual(wanted.sort());
    for (const { Name, KmsKeyId } of SecretList) {
      expect(KmsKeyId).toContain(arn("kms", "key/"));
      const { Versions = [] } = await secrets.send(new ListSecretVersionIdsCommand({ SecretId: Name }));
      expect(Versions).toEqual([]);
    }
  });
}
