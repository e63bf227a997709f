/**
 * The environments: one typed entry each. A new environment is a new entry here and nothing else; any other valid name is
 * a short-lived one, derived from `dev`.
 */
import { ConfigurationError } from "./configuration-error.ts";
import { type EnvironmentSettings, placeholderAccountId } from "./environment-settings.ts";
import { limits } from "./limits.ts";
import { environmentNameProblem } from "./names.ts";

export { type EnvironmentSettings, placeholderAccountId } from "./environment-settings.ts";

const common = {
  shortLived: false,
  accountId: placeholderAccountId,
  region: "us-east-1",
  tags: {},
  routingThresholdsUsd: { mediumFrom: 1_000, highAbove: 10_000 },
  logLevel: "INFO",
  logRetentionDays: 30,
  tracing: true,
  pointInTimeRecoveryDays: 35,
  payloadExpiryDays: 45,
  archive: { infrequentAccessAfterDays: 30, glacierAfterDays: 90, expireAfterDays: 365, slicesPerHour: 1 },
  reservedConcurrency: {},
  provisionedConcurrency: {},
  reconciledProviders: ["stripe"],
  reviewTimeoutSeconds: limits.reviewTimeoutHours * 60 * 60,
  logsEveryEvent: true,
  traceSampling: { perSecond: 1, share: 0.05 },
} as const;

/** Account ids and recipients are examples: put your own here before the first deploy. */
export const environments = {
  dev: {
    ...common,
    name: "dev",
    destroyable: true,
    deletionProtection: false,
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
    throttling: { rateLimit: 1_000, burstLimit: 2_000 },
    webFirewall: { requestsPerFiveMinutes: 100_000 },
    maximumConcurrency: { webhookDedup: 20, fraudDetector: 10 },
    alertRecipients: { emails: ["payments-staging@example.com"], phoneNumbers: [] },
    operatorEmails: ["operations-staging@example.com"],
    budget: { monthlyUsd: 200, covers: "environment", emails: ["operations-staging@example.com"] },
    imageDigestsFile: "dist/image-digests-staging.json",
  },
  prod: {
    ...common,
    name: "prod",
    destroyable: false,
    deletionProtection: true,
    objectLock: { mode: "GOVERNANCE", days: 365 },
    throttling: { rateLimit: 3_000, burstLimit: 5_000 },
    // A third of what the API takes, so that no single address can use it up.
    webFirewall: { requestsPerFiveMinutes: 300_000 },
    maximumConcurrency: { webhookDedup: 100, fraudDetector: 50 },
    // Providers wait for this function alone.
    provisionedConcurrency: { "webhook-validator": 2 },
    alertRecipients: { emails: ["payments@example.com"], phoneNumbers: ["+12025550100"] },
    operatorEmails: ["operations@example.com"],
    trafficAlarms: { quietMinutes: 30, bandWidth: 3 },
    budget: { monthlyUsd: 1_000, covers: "account", emails: ["operations@example.com"] },
    imageDigestsFile: "dist/image-digests-prod.json",
  },
} as const satisfies Record<string, EnvironmentSettings>;

/**
 * The environments that a suffix (ENVIRONMENT_SUFFIX, `--env`) selects: the one of that name, all of them when it is
 * unset or empty, or else a short-lived one of that name.
 *
 * @throws ConfigurationError when it can't be an environment's name, or when an entry isn't named like its key.
 */
export function selectEnvironments(
  suffix: string | undefined,
  entries: Readonly<Record<string, EnvironmentSettings>> = environments,
): readonly EnvironmentSettings[] {
  checkKeys(entries);
  const known = Object.values(entries);
  if (suffix === undefined || suffix === "") return known;
  const selected = known.filter((settings) => settings.name === suffix);
  if (selected.length > 0) return selected;
  const names = known.map((settings) => settings.name);
  const problem = environmentNameProblem(suffix, names);
  if (problem !== undefined) {
    throw new ConfigurationError(
      `ENVIRONMENT_SUFFIX is "${suffix}": ${problem}. Take ${names.join(", ")}, or a name such as "pr-123".`,
    );
  }
  return [shortLivedEnvironment(suffix, environments.dev)];
}

/** Keys differ from each other, so names that are keys do, too: two environments of one name would be one on AWS. */
function checkKeys(entries: Readonly<Record<string, EnvironmentSettings>>): void {
  const problems = Object.entries(entries)
    .filter(([key, { name }]) => name !== key)
    .map(([key, { name }]) => `${key}.name is ${JSON.stringify(name)}: an entry is named like its key, "${key}".`);
  if (problems.length > 0) throw new ConfigurationError(problems);
}

/**
 * A pull request's environment: `base` without what would outlive it (locks, protection), wake somebody (recipients,
 * budget, alarms on traffic) or cost much (firewall, warm functions, a log of every event). Tables and logs are bounded,
 * since nobody watches its bill. Backups and the archive's days stay as they are: they cost by size, and `destroy` ends
 * them. X-Ray takes 25 sampling rules in an account and region, so it has none, and X-Ray's own applies.
 */
export function shortLivedEnvironment(name: string, base: EnvironmentSettings): EnvironmentSettings {
  const { objectLock: _, webFirewall: __, budget: ___, trafficAlarms: ____, traceSampling: _____, ...kept } = base;
  return {
    ...kept,
    name,
    shortLived: true,
    // The account's own, which destroying this environment must not take away.
    usesAccountStackOf: base.usesAccountStackOf ?? base.name,
    tags: { ...base.tags, Lifetime: "short" },
    destroyable: true,
    deletionProtection: false,
    logRetentionDays: 3,
    reservedConcurrency: {},
    provisionedConcurrency: {},
    tableCeilings: { readUnitsPerSecond: 500, writeUnitsPerSecond: 500 },
    alertRecipients: { emails: [], phoneNumbers: [] },
    operatorEmails: [],
    logsEveryEvent: false,
    imageDigestsFile: `dist/image-digests-${name}.json`,
  };
}
