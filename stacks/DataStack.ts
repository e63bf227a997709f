import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret/index.js";
import type { App } from "cdktf";
import { indexes } from "../config/names.ts";
import { type ProviderName, providerNames } from "../config/providers.ts";
import { Bucket } from "./constructs/Bucket.ts";
import { Budget } from "./constructs/Budget.ts";
import { EncryptionKey } from "./constructs/EncryptionKey.ts";
import { allow, type Statement } from "./constructs/policy.ts";
import { Table, type TableProps } from "./constructs/Table.ts";
import { type EnvironmentContext, EnvironmentStack } from "./EnvironmentStack.ts";
import { messagingKeyStatements } from "./messagingKeyStatements.ts";

/**
 * What must outlive every release: keys, tables, buckets and the providers' secrets; and the budget, which begins before
 * the first release costs anything and stays as long as there is something to pay.
 */
export class DataStack extends EnvironmentStack {
  /** Encrypts what lies: tables, buckets, secrets. */
  readonly dataKey: EncryptionKey;
  /** Encrypts what moves: queues, topics, the bus and logs. */
  readonly messagingKey: EncryptionKey;
  readonly transactions: Table;
  readonly processedWebhooks: Table;
  readonly fraudCounters: Table;
  readonly webhookPayloads: Bucket;
  /** ARN of each provider's secret. Its value is put there by people, never by Terraform. */
  readonly secretArns: Readonly<Record<ProviderName, string>>;

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
      indexes: [{ name: indexes.archive, partitionKey: "archivePartition", sortKey: "entry", projection: "KEYS_ONLY" }],
    });
    this.processedWebhooks = this.#table("processed-webhooks", {
      tableName: this.names.tables.processedWebhooks,
      partitionKey: "eventId",
      ttlAttribute: "ttl",
      indexes: [{ name: indexes.openReviews, partitionKey: "reviewStatus", sortKey: "openedAt", projection: "ALL" }],
    });
    this.fraudCounters = this.#table("fraud-counters", {
      tableName: this.names.tables.fraudCounters,
      partitionKey: "counterKey",
      ttlAttribute: "ttl",
      indexes: [],
    });
    this.webhookPayloads = this.#payloads();
    this.#archive();
    this.secretArns = this.#secrets();
    this.#budget();
  }

  /** Allows to read every provider's secret. */
  allowReadSecrets(): readonly Statement[] {
    const arns = Object.values(this.secretArns);
    return [allow(["secretsmanager:GetSecretValue"], arns), this.dataKey.allow("secretsmanager", "Decrypt")];
  }

  #key(name: string, description: string, serviceStatements: readonly Statement[]): EncryptionKey {
    return new EncryptionKey(this, `${name}-key`, {
      alias: this.names.kmsAlias(name),
      description,
      accountRootArn: `arn:${this.partition}:iam::${this.account}:root`,
      serviceStatements,
      destroyable: this.settings.destroyable,
    });
  }

  #table(id: string, props: Pick<TableProps, "tableName" | "partitionKey" | "sortKey" | "ttlAttribute" | "indexes">) {
    const { pointInTimeRecoveryDays, deletionProtection, tableCeilings } = this.settings;
    return new Table(this, id, {
      ...props,
      key: this.dataKey,
      pointInTimeRecoveryDays,
      deletionProtection,
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
      destroyable: this.settings.destroyable,
    });
  }

  #archive(): void {
    const { objectLock } = this.settings;
    const { infrequentAccessAfterDays, glacierAfterDays, expireAfterDays } = this.settings.archive;
    new Bucket(this, "transaction-audit-logs", {
      bucketName: this.names.bucket("transaction-audit-logs", this.account, this.region),
      key: this.dataKey,
      versioned: true,
      transitions: [
        { storageClass: "STANDARD_IA", afterDays: infrequentAccessAfterDays },
        { storageClass: "GLACIER", afterDays: glacierAfterDays },
      ],
      expireAfterDays,
      destroyable: this.settings.destroyable,
      ...(objectLock && { objectLock }),
    });
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

  #secrets(): Readonly<Record<ProviderName, string>> {
    const secrets = providerNames.map((provider) => {
      const secret = new SecretsmanagerSecret(this, `secret-${provider}`, {
        name: this.names.providerSecret(provider),
        description: `Signing secrets and settings of the webhooks of ${provider}.`,
        kmsKeyId: this.dataKey.arn,
        recoveryWindowInDays: this.settings.destroyable ? 0 : 30,
        lifecycle: { preventDestroy: !this.settings.destroyable },
      });
      return [provider, secret.arn] as const;
    });
    return Object.fromEntries(secrets) as Record<ProviderName, string>;
  }
}
