/**
 * Every resource name, from the environment's suffix alone. A name that is too long for AWS throws a
 * ConfigurationError with its length, at synth, before anything is written.
 */
import { ConfigurationError } from "./configuration-error.ts";
import type { LambdaName } from "./lambdas.ts";
import { limits } from "./limits.ts";
import type { ProviderName } from "./providers.ts";
import type { LedgerProvider } from "./reconciliation.ts";

function checked(kind: string, name: string, maxLength: number): string {
  if (name.length > maxLength) {
    throw new ConfigurationError(
      `${kind} name "${name}" has ${name.length} characters; AWS allows ${maxLength}. Shorten the environment's name.`,
    );
  }
  return name;
}

/** What a region's name looks like: `us-east-1`, `us-gov-west-1`. */
export const regionForm = /^[a-z]{2,4}(-[a-z]+)+-\d$/;

/** One of the longest region names, for names whose region is known only to Terraform. */
const longestRegion = "ap-southeast-1";

/**
 * First parts of an environment's name that would make its names another's: the queue `webhook-events` of `dlq-pr-1`
 * is the dead-letter queue of `pr-1`.
 */
const reservedFirstParts: readonly string[] = ["dlq"];

/** Last part that S3 keeps for itself, and buckets' names end with the environment's. */
const reservedLastParts: readonly string[] = ["s3alias"];

/**
 * What is wrong with a name for an environment, if anything, as the end of a sentence about it. Every AWS name of the
 * environment fits when it is undefined.
 *
 * @param others names of the other environments, none of which may be mistaken for it
 */
export function environmentNameProblem(name: string, others: readonly string[] = []): string | undefined {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) {
    return "an environment's name consists of lower-case letters and digits, with single hyphens between them";
  }
  if (name.length > limits.environmentNameLength) {
    return `it has ${name.length} characters, and AWS's names leave room for ${limits.environmentNameLength}`;
  }
  const parts = name.split("-");
  const reserved = [
    ...reservedFirstParts.filter((part) => parts[0] === part),
    ...reservedLastParts.filter((part) => parts.at(-1) === part),
  ];
  if (reserved.length > 0) return `"${reserved[0]}" has a meaning of its own at that place of AWS's names`;
  const mistaken = others.find((other) => name.endsWith(`-${other}`));
  return mistaken === undefined ? undefined : `its resources could be mistaken for those of ${mistaken}`;
}

export function names(environment: string) {
  const plain = (base: string) => `${base}-${environment}`;
  const queue = (base: string) => checked("queue", plain(base), 80);
  const table = (base: string) => checked("table", plain(base), 255);
  const stateMachine = (base: string) => checked("state machine", plain(base), 80);
  return {
    lambda: (name: LambdaName) => checked("function", plain(name), 64),
    role: (base: string) => checked("role", plain(base), 64),
    logGroup: (path: string) => checked("log group", plain(path), 512),
    logGroups: {
      lambda: (name: LambdaName) => checked("log group", plain(`/aws/lambda/${name}`), 512),
      /** By the state machine's name, with the environment. */
      stateMachine: (name: string) => checked("log group", `/aws/vendedlogs/states/${name}`, 512),
      api: checked("log group", plain("/aws/apigateway/payment-webhooks"), 512),
      /** Every event of the bus. */
      bus: checked("log group", plain("/aws/events/payment-events"), 512),
    },
    /** X-Ray's groups and sampling rules are the account's, and have short names. */
    xray: (base: string) => checked("X-Ray", plain(base), 32),
    dashboard: (base: string) => checked("dashboard", plain(base), 255),
    /** A saved query of CloudWatch Logs Insights, in the environment's folder. */
    logQuery: (base: string) => checked("query", `${plain("payment-webhooks")}/${base}`, 255),
    providerSecret: (provider: ProviderName) => checked("secret", `webhook-secrets/${provider}-${environment}`, 512),
    /** The secret with which a provider's own books are read. */
    providerApiKey: (provider: LedgerProvider) =>
      checked("secret", `provider-api-keys/${provider}-${environment}`, 512),
    restApi: plain("payment-webhooks"),
    scheduleGroup: checked("schedule group", plain("payment-webhooks"), 64),
    /** The group of one schedule, when it has a name of its own. */
    scheduleGroupOf: (base: string) => checked("schedule group", plain(base), 64),
    schedule: (base: string) => checked("schedule", plain(base), 64),
    webFirewall: checked("web ACL", plain("payment-webhooks"), 128),
    budget: checked("budget", plain("payment-webhooks"), 100),
    queues: {
      webhookEvents: queue("webhook-events"),
      lowValueBatch: queue("low-value-batch"),
      unroutable: queue("unroutable"),
      workflowFailed: queue("workflow-failed"),
    },
    /** The dead-letter queue of a queue or of a rule's target. */
    dlq: (base: string) => queue(`${base}-dlq`),
    tables: {
      transactions: table("transactions"),
      processedWebhooks: table("processed-webhooks"),
      fraudCounters: table("fraud-counters"),
      reconciliation: table("reconciliation"),
    },
    bus: checked("event bus", plain("payment-events"), 256),
    rule: (base: string) => checked("rule", plain(base), 64),
    topics: {
      transactionAlerts: checked("topic", plain("transaction-alerts"), 256),
      /** Where CloudWatch's alarms ring. */
      operationsAlarms: checked("topic", plain("operations-alarms"), 256),
      /** Whatever a reconciliation finds, or can't check. */
      reconciliationAlerts: checked("topic", plain("webhook-reconciliation-alerts"), 256),
      /** What can't wait until somebody reads an e-mail. */
      criticalSystemAlerts: checked("topic", plain("critical-system-alerts"), 256),
    },
    stateMachines: {
      transactionWorkflow: stateMachine("transaction-workflow"),
      highValueReview: stateMachine("high-value-review"),
      dailyArchive: stateMachine("daily-archive"),
      webhookReconciliation: stateMachine("webhook-reconciliation"),
    },
    /** Bucket names are global, so they carry account and region; at synth both are references of unknown length. */
    bucket: (base: string, account: string, region: string) => {
      checked("bucket", `${base}-${"0".repeat(12)}-${longestRegion}-${environment}`, 63);
      return `${base}-${account}-${region}-${environment}`;
    },
    kmsAlias: (base: string) => `alias/${plain(base)}`,
    /** SQL takes hyphens in a database's name only between quotes, and environments' names have no underscores. */
    archiveDatabase: checked("database", `payment_archive_${environment.replaceAll("-", "_")}`, 255),
    archiveWorkgroup: checked("work group", plain("payment-archive"), 128),
  };
}

export type Names = ReturnType<typeof names>;

/** Indexes and attributes that the tables are declared with and the functions query by. */
export const indexes = {
  /** On `transactions`: `archivePartition` (hour of first receipt # shard), `entry`. Facts, keys only. */
  archive: "ArchiveIndex",
  /** On `processed-webhooks`: `reviewStatus` OPEN, `openedAt`. Sparse: only open reviews have it. */
  openReviews: "OpenReviewsIndex",
  /** On `processed-webhooks`: `sweepStatus` OPEN or GIVEN_UP, `undecidedSince`. Sparse: events found undecided by a sweep. */
  undecidedEvents: "UndecidedEventsIndex",
  /** On `reconciliation`: `discrepancyStatus` OPEN, `firstSeenAt`. Sparse: only open discrepancies have it. */
  openDiscrepancies: "OpenDiscrepanciesIndex",
} as const;
