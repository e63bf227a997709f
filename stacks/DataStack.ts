import { type App, TerraformOutput } from "cdktf";
import { coldPrefixes } from "../config/archive.ts";
import { indexes } from "../config/names.ts";
import type { ProviderName } from "../config/providers.ts";
import type { LedgerProvider } from "../config/reconciliation.ts";
import { Bucket } from "./constructs/Bucket.ts";
import { Budget } from "./constructs/Budget.ts";
import { EncryptionKey } from "./constructs/EncryptionKey.ts";
import { LogBucket } from "./constructs/LogBucket.ts";
import { allow, type Statement } from "./constructs/policy.ts";
import { SigningKey } from "./constructs/SigningKey.ts";
import { Table, type TableProps } from "./constructs/Table.ts";
import { WatchedBucket } from "./constructs/WatchedBucket.ts";
import { ArchiveQueries } from "./data/ArchiveQueries.ts";
import { apiKeys, signingSecrets } from "./data/providerSecrets.ts";
import { type EnvironmentContext, EnvironmentStack } from "./EnvironmentStack.ts";
import { messagingKeyStatements } from "./messagingKeyStatements.ts";

/** What slices came to is of use until their day is sealed, and for a look at how that went. */
const stagingDays = 30;

/**
 * What must outlive every release: keys, tables, buckets, SQL over the archive and the providers' secrets; and the
 * budget, which begins before the first release costs anything and stays as long as there is something to pay.
 */
export class DataStack extends EnvironmentStack {
  /** Encrypts what lies: tables, buckets, secrets. */
  readonly dataKey: EncryptionKey;
  /** Encrypts what moves: queues, topics, the bus and logs. */
  readonly messagingKey: EncryptionKey;
  /** Signs the archive's manifests. Auditors keep its public half. */
  readonly signingKey: SigningKey;
  readonly transactions: Table;
  readonly processedWebhooks: Table;
  readonly fraudCounters: Table;
  readonly reconciliation: Table;
  readonly webhookPayloads: Bucket;
  readonly archive: Bucket;
  /** ARN of each provider's secret. Its value is put there by people, never by Terraform. */
  readonly secretArns: Readonly<Record<ProviderName, string>>;
  /** ARN of the secret with which a provider's own books are read. People put its value, too. */
  readonly apiKeyArns: Readonly<Partial<Record<LedgerProvider, string>>>;

  constructor(app: App, context: EnvironmentContext) {
    super(app, "data", context);
    this.dataKey = this.#key("payments-data", "Tables, buckets and secrets of the payment webhooks.", []);
    this.messagingKey = this.#key(
      "payments-messaging",
      "Queues, topics, event bus and logs of the payment webhooks.",
      messagingKeyStatements({
        account: this.account,
        region: this.region,
        alarmArns: this.arn("cloudwatch", "alarm:*"),
        topicArns: Object.values(this.names.topics).map((name) => this.arn("sns", name)),
        logGroupArns: this.arn("logs", `log-group:${this.names.logGroup("*")}`),
      }),
    );
    this.transactions = this.#table("transactions", {
      tableName: this.names.tables.transactions,
      partitionKey: "transactionId",
      sortKey: "entry",
      ttlAttribute: "ttl",
      indexes: [{ name: indexes.archive, partitionKey: "archivePartition", sortKey: "entry", projection: "KEYS_ONLY" }],
    });
    this.processedWebhooks = this.#table("processed-webhooks", {
      tableName: this.names.tables.processedWebhooks,
      partitionKey: "eventId",
      ttlAttribute: "ttl",
      indexes: [
        { name: indexes.openReviews, partitionKey: "reviewStatus", sortKey: "openedAt", projection: "ALL" },
        { name: indexes.undecidedEvents, partitionKey: "sweepStatus", sortKey: "undecidedSince", projection: "ALL" },
      ],
    });
    this.fraudCounters = this.#table("fraud-counters", {
      tableName: this.names.tables.fraudCounters,
      partitionKey: "counterKey",
      ttlAttribute: "ttl",
      indexes: [],
    });
    this.reconciliation = this.#table("reconciliation", {
      tableName: this.names.tables.reconciliation,
      partitionKey: "id",
      ttlAttribute: "ttl",
      indexes: [
        {
          name: indexes.openDiscrepancies,
          partitionKey: "discrepancyStatus",
          sortKey: "firstSeenAt",
          projection: "ALL",
        },
      ],
    });
    this.webhookPayloads = this.#payloads();
    this.archive = this.#archive();
    this.signingKey = this.#signingKey();
    this.#archiveQueries();
    const { destroyable, reconciledProviders } = this.settings;
    const secretProps = { names: this.names, key: this.dataKey, destroyable };
    this.secretArns = signingSecrets(this, secretProps);
    this.apiKeyArns = apiKeys(this, secretProps, reconciledProviders);
    this.#budget();
  }

  /** Allows to read every provider's secret. */
  allowReadSecrets(): readonly Statement[] {
    const arns = Object.values(this.secretArns);
    return [allow(["secretsmanager:GetSecretValue"], arns), this.dataKey.allow("secretsmanager", "Decrypt")];
  }

  /** Allows to read the API keys of the providers that are reconciled. */
  allowReadApiKeys(): readonly Statement[] {
    const arns = Object.values(this.apiKeyArns);
    if (arns.length === 0) return [];
    return [allow(["secretsmanager:GetSecretValue"], arns), this.dataKey.allow("secretsmanager", "Decrypt")];
  }

  #key(name: string, description: string, serviceStatements: readonly Statement[]): EncryptionKey {
    return new EncryptionKey(this, `${name}-key`, {
      alias: this.names.kmsAlias(name),
      description,
      accountRootArn: this.#rootArn(),
      serviceStatements,
      destroyable: this.settings.destroyable,
    });
  }

  #table(id: string, props: Pick<TableProps, "tableName" | "partitionKey" | "sortKey" | "ttlAttribute" | "indexes">) {
    const { pointInTimeRecoveryDays, deletionProtection, destroyable, tableCeilings } = this.settings;
    return new Table(this, id, {
      ...props,
      key: this.dataKey,
      pointInTimeRecoveryDays,
      deletionProtection,
      destroyable,
      ...(tableCeilings && { ceilings: tableCeilings }),
    });
  }

  #payloads(): Bucket {
    return new Bucket(this, "webhook-payloads", {
      bucketName: this.names.bucket("webhook-payloads", this.account, this.region),
      key: this.dataKey,
      versioned: false,
      transitions: [],
      expireAfterDays: this.settings.payloadExpiryDays,
      createOnly: true,
      destroyable: this.settings.destroyable,
    });
  }

  #archive(): Bucket {
    const { objectLock, destroyable } = this.settings;
    const { infrequentAccessAfterDays, glacierAfterDays, expireAfterDays } = this.settings.archive;
    const bucketName = this.names.bucket("transaction-audit-logs", this.account, this.region);
    const logBucket = new LogBucket(this, "archive-access-logs", {
      bucketName: this.names.bucket("archive-access-logs", this.account, this.region),
      sourceArn: `arn:${this.partition}:s3:::${bucketName}`,
      account: this.account,
      expireAfterDays,
      destroyable,
    });
    const archive = new WatchedBucket(this, "transaction-audit-logs", {
      bucketName,
      logBucket,
      account: this.account,
      key: this.dataKey,
      versioned: true,
      transitions: [
        { storageClass: "STANDARD_IA", afterDays: infrequentAccessAfterDays },
        { storageClass: "GLACIER", afterDays: glacierAfterDays },
      ],
      expireAfterDays,
      movedPrefixes: coldPrefixes,
      shortLived: { prefix: "staging/", expireAfterDays: stagingDays },
      createOnly: true,
      destroyable,
      ...(objectLock && { objectLock }),
    });
    new TerraformOutput(this, "ArchiveBucket", {
      description: "The archive: what npm run cli -- audit and archive read.",
      value: archive.bucketName,
    });
    return archive;
  }

  #signingKey(): SigningKey {
    const key = new SigningKey(this, "archive-signing-key", {
      alias: this.names.kmsAlias("archive-signing"),
      description: "Signs the manifests of the archive.",
      accountRootArn: this.#rootArn(),
      signerArn: `arn:${this.partition}:iam::${this.account}:role/${this.names.role("archive-seal")}`,
      destroyable: this.settings.destroyable,
    });
    new TerraformOutput(this, "ArchiveSigningKeyArn", {
      description: "The key whose public half auditors keep: npm run cli -- archive trust.",
      value: key.arn,
    });
    return key;
  }

  #archiveQueries(): void {
    const { workgroup } = new ArchiveQueries(this, "archive-queries", {
      names: this.names,
      archive: this.archive,
      key: this.dataKey,
      account: this.account,
      region: this.region,
      destroyable: this.settings.destroyable,
    });
    new TerraformOutput(this, "ArchiveWorkgroup", {
      description: "Athena's work group for SQL over the archive, with saved queries.",
      value: workgroup,
    });
  }

  #rootArn(): string {
    return `arn:${this.partition}:iam::${this.account}:root`;
  }

  #budget(): void {
    const { budget, name } = this.settings;
    if (budget === undefined) return;
    const { monthlyUsd, covers, emails } = budget;
    new Budget(this, "budget", {
      budgetName: this.names.budget,
      monthlyUsd,
      emails,
      ...(covers === "environment" && { environment: name }),
    });
  }
}
