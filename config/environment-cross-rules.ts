/** Rules between an environment's settings, and between environments, as data. */
import { type EnvironmentSettings, placeholderAccountId } from "./environment-settings.ts";
import type { LambdaName } from "./lambdas.ts";
import { limits } from "./limits.ts";
import { toldTagKeys } from "./tags.ts";

export interface CrossRule {
  /** The setting to change, below the environment. */
  readonly path: string;
  readonly value: unknown;
  readonly broken: boolean;
  /** What to do. */
  readonly message: string;
}

/** The rules with their verdicts. `others` are the environments of config/environments.ts. */
export function crossRules(
  settings: EnvironmentSettings,
  others: readonly EnvironmentSettings[],
): readonly CrossRule[] {
  return [
    ...amounts(settings),
    ...archive(settings),
    ...protection(settings),
    ...concurrency(settings),
    ...neighbours(
      settings,
      others.filter(({ name }) => name !== settings.name),
    ),
  ];
}

function amounts({ routingThresholdsUsd: { mediumFrom, highAbove }, tags }: EnvironmentSettings): CrossRule[] {
  return [
    {
      path: "routingThresholdsUsd.mediumFrom",
      value: mediumFrom,
      broken: mediumFrom >= highAbove,
      message: `it has to be below highAbove (${highAbove}), or no amount is medium`,
    },
    {
      path: "routingThresholdsUsd.highAbove",
      value: highAbove,
      broken: highAbove >= limits.routingAmountUsdCap,
      message: `routing amounts are capped at ${limits.routingAmountUsdCap}, so nothing would ever be high`,
    },
    ...Object.entries(tags).map(([key, value]) => ({
      path: `tags.${key}`,
      value,
      broken: toldTagKeys.some((told) => told.toLowerCase() === key.toLowerCase()),
      message: "every resource has this tag from elsewhere (README, configuration): take another key",
    })),
  ];
}

function archive({ archive: days, objectLock }: EnvironmentSettings): CrossRule[] {
  const { infrequentAccessAfterDays, glacierAfterDays, expireAfterDays } = days;
  return [
    {
      path: "archive.glacierAfterDays",
      value: glacierAfterDays,
      broken: glacierAfterDays < infrequentAccessAfterDays + 30,
      message: `S3 wants 30 days in infrequent access first: ${infrequentAccessAfterDays + 30} or more`,
    },
    {
      path: "archive.expireAfterDays",
      value: expireAfterDays,
      broken: expireAfterDays <= glacierAfterDays,
      message: `objects have to move (after ${glacierAfterDays} days) before they end`,
    },
    {
      path: "objectLock.days",
      value: objectLock?.days,
      broken: objectLock !== undefined && objectLock.days > expireAfterDays,
      message: `objects could not end after archive.expireAfterDays (${expireAfterDays})`,
    },
  ];
}

function protection({ destroyable, deletionProtection, shortLived, objectLock }: EnvironmentSettings): CrossRule[] {
  return [
    {
      path: "destroyable",
      value: destroyable,
      broken: destroyable && objectLock !== undefined,
      message: "S3 refuses to delete locked objects: leave objectLock out, or write false",
    },
    {
      path: "deletionProtection",
      value: deletionProtection,
      broken: destroyable && deletionProtection,
      message: "tables that refuse to be deleted can't be destroyed: write false here or for destroyable",
    },
    {
      path: "shortLived",
      value: shortLived,
      broken: shortLived && !destroyable,
      message: "a short-lived environment has to be destroyable",
    },
  ];
}

function concurrency(settings: EnvironmentSettings): CrossRule[] {
  const { reservedConcurrency: reserved, provisionedConcurrency: provisioned, maximumConcurrency } = settings;
  const polling: Partial<Record<LambdaName, number>> = {
    "webhook-dedup": maximumConcurrency.webhookDedup,
    "fraud-detector": maximumConcurrency.fraudDetector,
  };
  return (Object.entries(reserved) as [LambdaName, number][]).flatMap(([name, most]) => [
    {
      path: `provisionedConcurrency.${name}`,
      value: provisioned[name],
      broken: (provisioned[name] ?? 0) > most,
      message: `no more can be warm than reservedConcurrency lets run (${most})`,
    },
    {
      path: `reservedConcurrency.${name}`,
      value: most,
      broken: (polling[name] ?? 0) > most,
      message: `its queue starts up to ${polling[name]} at a time (maximumConcurrency); what is throttled goes back and ends as a dead letter`,
    },
  ]);
}

function neighbours(settings: EnvironmentSettings, others: readonly EnvironmentSettings[]): CrossRule[] {
  const { accountId, region, usesAccountStackOf, imageDigestsFile } = settings;
  const isBeside = (other: EnvironmentSettings) => other.accountId === accountId && other.region === region;
  const host = others.find(({ name }) => name === usesAccountStackOf);
  const second = others.find(
    (other) => accountId !== placeholderAccountId && isBeside(other) && other.usesAccountStackOf === undefined,
  );
  const sameFile = others.find((other) => other.imageDigestsFile === imageDigestsFile);
  return [
    {
      path: "usesAccountStackOf",
      value: usesAccountStackOf,
      broken: usesAccountStackOf !== undefined && (host === undefined || host.usesAccountStackOf !== undefined),
      message: "name another environment of config/environments.ts that has an account stack itself",
    },
    {
      path: "usesAccountStackOf",
      value: usesAccountStackOf,
      broken: host !== undefined && !isBeside(host),
      message: `${host?.name} is in ${host?.accountId}, ${host?.region}: an account stack serves its own account and region`,
    },
    {
      path: "accountId",
      value: accountId,
      broken: usesAccountStackOf === undefined && second !== undefined,
      message: `${second?.name} has the account stack of this account and ${region}: set usesAccountStackOf of one of the two`,
    },
    {
      path: "imageDigestsFile",
      value: imageDigestsFile,
      broken: sameFile !== undefined,
      message: `${sameFile?.name} has the same, and each environment has its own images`,
    },
  ];
}
