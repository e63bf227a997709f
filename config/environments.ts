/**
 * The environments: one typed entry each, values only. A construct asks for a value ("deletionProtection"), never for
 * the environment's name, so a new environment is a new entry here and nothing else.
 */
import { ConfigurationError } from "./configuration-error.ts";
import type { RoutingThresholds } from "./events.ts";
import { limits } from "./limits.ts";

export interface EnvironmentSettings {
  /** Suffix of every resource name. */
  readonly name: string;
  /** Account that the provider insists on; the placeholder stands for "any" until your team puts its own in. */
  readonly accountId: string;
  readonly region: string;
  /** Whether `destroy` removes everything: buckets with their objects, keys and secrets at the shortest notice. */
  readonly destroyable: boolean;
  /** Whether tables refuse to be deleted, on AWS and in Terraform's plan. */
  readonly deletionProtection: boolean;
  /** Where the tiers meet. The rules on the bus and the functions both have it from here. */
  readonly routingThresholdsUsd: RoutingThresholds;
  readonly logLevel: "DEBUG" | "INFO" | "WARN";
  readonly logRetentionDays: number;
  readonly pointInTimeRecoveryDays: number;
  /** Days after which claim-checked bodies in `webhook-payloads` expire: longer than the deduplication window. */
  readonly payloadExpiryDays: number;
  /** Days after its creation at which an archived object moves, and ends. Finance owns these. */
  readonly archive: {
    readonly infrequentAccessAfterDays: number;
    readonly glacierAfterDays: number;
    readonly expireAfterDays: number;
  };
  /** Requests that the API takes before it answers 503: steady rate per second, and the bucket on top. */
  readonly throttling: { readonly rateLimit: number; readonly burstLimit: number };
  /** Most invocations at a time that a queue's event-source mapping starts; 2 to 1000 (AWS). */
  readonly maximumConcurrency: { readonly webhookDedup: number; readonly fraudDetector: number };
  /** How long a person has to answer a review before it escalates. */
  readonly reviewTimeoutSeconds: number;
  /** Who hears of payments (`transaction-alerts`): addresses, and numbers in E.164. */
  readonly alertRecipients: { readonly emails: readonly string[]; readonly phoneNumbers: readonly string[] };
  /** Who hears of alarms (`operations-alarms`). */
  readonly operatorEmails: readonly string[];
  /** JSON file, function name to image digest, that the image build writes; functions without one get a placeholder. */
  readonly imageDigestsFile: string;
}

/** Stands for "any account": no check is made, and the synthesized Terraform stays free of account ids. */
export const placeholderAccountId = "000000000000";

const common = {
  accountId: placeholderAccountId,
  region: "us-east-1",
  routingThresholdsUsd: { mediumFrom: 1_000, highAbove: 10_000 },
  logRetentionDays: 30,
  pointInTimeRecoveryDays: 35,
  payloadExpiryDays: 45,
  archive: { infrequentAccessAfterDays: 30, glacierAfterDays: 90, expireAfterDays: 365 },
  reviewTimeoutSeconds: limits.reviewTimeoutHours * 60 * 60,
} as const;

/** Account ids and recipients are examples: put your own here before the first deploy. */
export const environments = {
  dev: {
    ...common,
    name: "dev",
    destroyable: true,
    deletionProtection: false,
    logLevel: "INFO",
    throttling: { rateLimit: 1_000, burstLimit: 2_000 },
    maximumConcurrency: { webhookDedup: 20, fraudDetector: 10 },
    alertRecipients: { emails: [], phoneNumbers: [] },
    operatorEmails: [],
    imageDigestsFile: "dist/image-digests-dev.json",
  },
  staging: {
    ...common,
    name: "staging",
    destroyable: true,
    deletionProtection: false,
    logLevel: "INFO",
    throttling: { rateLimit: 1_000, burstLimit: 2_000 },
    maximumConcurrency: { webhookDedup: 20, fraudDetector: 10 },
    alertRecipients: { emails: ["payments-staging@example.com"], phoneNumbers: [] },
    operatorEmails: ["operations-staging@example.com"],
    imageDigestsFile: "dist/image-digests-staging.json",
  },
  prod: {
    ...common,
    name: "prod",
    destroyable: false,
    deletionProtection: true,
    logLevel: "INFO",
    throttling: { rateLimit: 3_000, burstLimit: 5_000 },
    maximumConcurrency: { webhookDedup: 100, fraudDetector: 50 },
    alertRecipients: { emails: ["payments@example.com"], phoneNumbers: ["+12025550100"] },
    operatorEmails: ["operations@example.com"],
    imageDigestsFile: "dist/image-digests-prod.json",
  },
} as const satisfies Record<string, EnvironmentSettings>;

/**
 * The environments that ENVIRONMENT_SUFFIX selects: the one of that name, or all of them when it is unset or empty.
 *
 * @throws ConfigurationError naming the known environments when there is none of that name.
 */
export function selectEnvironments(suffix: string | undefined): readonly EnvironmentSettings[] {
  const all: readonly EnvironmentSettings[] = Object.values(environments);
  if (suffix === undefined || suffix === "") {
    return all;
  }
  const selected = all.filter((settings) => settings.name === suffix);
  if (selected.length === 0) {
    const known = all.map((settings) => settings.name).join(", ");
    throw new ConfigurationError(`ENVIRONMENT_SUFFIX is "${suffix}", but config/environments.ts knows only: ${known}.`);
  }
  return selected;
}
