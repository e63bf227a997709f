/** Rules between an environment's settings, and between environments, as data. */
import { accountStack, images } from "./environment-neighbours.ts";
import { type CrossRule, type RuleSet, reading } from "./environment-rule.ts";
import type { EnvironmentSettings } from "./environment-settings.ts";
import type { LambdaName } from "./lambdas.ts";
import { limits } from "./limits.ts";
import { ownTagsAtMost, toldTagKeys } from "./tags.ts";

const ruleSets: readonly RuleSet[] = [
  reading(["routingThresholdsUsd"], amounts),
  reading(["tags"], ownTags),
  reading(["throttling"], throttles),
  reading(["archive"], archiveDays),
  reading(["archive", "objectLock"], lockedDays),
  reading(["destroyable", "objectLock"], locks),
  reading(["destroyable", "deletionProtection"], protection),
  reading(["destroyable", "shortLived"], shortLife),
  reading(["reservedConcurrency", "provisionedConcurrency"], warmth),
  reading(["reservedConcurrency", "maximumConcurrency"], polling),
  reading(["accountId", "region", "usesAccountStackOf"], accountStack),
  reading(["imageDigestsFile"], images),
];

/**
 * The rules with their verdicts. Those that read a wrong setting are left out: its own problem comes first.
 *
 * @param others the environments of config/environments.ts; the one of the same name is passed over
 * @param wrong settings that the schema refuses, or that are missing
 */
export function crossRules(
  settings: EnvironmentSettings,
  others: readonly EnvironmentSettings[],
  wrong: ReadonlySet<string>,
): readonly CrossRule[] {
  const strangers = others.filter(({ name }) => name !== settings.name);
  return ruleSets
    .filter(({ reads }) => !reads.some((key) => wrong.has(key)))
    .flatMap(({ judge }) => judge(settings, strangers));
}

function amounts({
  routingThresholdsUsd: { mediumFrom, highAbove },
}: Pick<EnvironmentSettings, "routingThresholdsUsd">): CrossRule[] {
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
  ];
}

function ownTags({ tags }: Pick<EnvironmentSettings, "tags">): CrossRule[] {
  const count = Object.keys(tags).length;
  return [
    {
      path: "tags",
      value: `${count} tags`,
      broken: count > ownTagsAtMost,
      message: `AWS takes 50 on a resource, and up to ${toldTagKeys.length} come from elsewhere: ${ownTagsAtMost} at the most`,
    },
    ...Object.entries(tags).map(([key, value]) => ({
      path: `tags.${key}`,
      value,
      broken: toldTagKeys.some((told) => told.toLowerCase() === key.toLowerCase()),
      message: "every resource has this tag from elsewhere (README, configuration): take another key",
    })),
  ];
}

function throttles({ throttling: { rateLimit, burstLimit } }: Pick<EnvironmentSettings, "throttling">): CrossRule[] {
  return [
    {
      path: "throttling.burstLimit",
      value: burstLimit,
      broken: burstLimit < rateLimit,
      message: `providers send in bursts, and a second's requests may come at once: rateLimit (${rateLimit}) or more`,
    },
  ];
}

function archiveDays({ archive }: Pick<EnvironmentSettings, "archive">): CrossRule[] {
  const { infrequentAccessAfterDays, glacierAfterDays, expireAfterDays } = archive;
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
  ];
}

function lockedDays({
  archive: { expireAfterDays },
  objectLock,
}: Pick<EnvironmentSettings, "archive" | "objectLock">): CrossRule[] {
  return [
    {
      path: "objectLock.days",
      value: objectLock?.days,
      broken: objectLock !== undefined && objectLock.days > expireAfterDays,
      message: `objects could not end after archive.expireAfterDays (${expireAfterDays})`,
    },
  ];
}

function locks({ destroyable, objectLock }: Pick<EnvironmentSettings, "destroyable" | "objectLock">): CrossRule[] {
  return [
    {
      path: "destroyable",
      value: destroyable,
      broken: destroyable && objectLock !== undefined,
      message: "S3 refuses to delete locked objects: leave objectLock out, or write false",
    },
  ];
}

function protection(settings: Pick<EnvironmentSettings, "destroyable" | "deletionProtection">): CrossRule[] {
  const { destroyable, deletionProtection } = settings;
  return [
    {
      path: "deletionProtection",
      value: deletionProtection,
      broken: destroyable && deletionProtection,
      message: "tables that refuse to be deleted can't be destroyed: write false here or for destroyable",
    },
    {
      path: "deletionProtection",
      value: deletionProtection,
      broken: !destroyable && !deletionProtection,
      message: "tables that stay have to refuse whoever deletes them: write true here or for destroyable",
    },
  ];
}

function shortLife({ destroyable, shortLived }: Pick<EnvironmentSettings, "destroyable" | "shortLived">): CrossRule[] {
  return [
    {
      path: "shortLived",
      value: shortLived,
      broken: shortLived && !destroyable,
      message: "a short-lived environment has to be destroyable",
    },
  ];
}

function warmth(settings: Pick<EnvironmentSettings, "reservedConcurrency" | "provisionedConcurrency">): CrossRule[] {
  const { reservedConcurrency: reserved, provisionedConcurrency: provisioned } = settings;
  return (Object.entries(reserved) as [LambdaName, number][]).map(([name, most]) => ({
    path: `provisionedConcurrency.${name}`,
    value: provisioned[name],
    broken: (provisioned[name] ?? 0) > most,
    message: `no more can be warm than reservedConcurrency lets run (${most})`,
  }));
}

function polling(settings: Pick<EnvironmentSettings, "reservedConcurrency" | "maximumConcurrency">): CrossRule[] {
  const { reservedConcurrency: reserved, maximumConcurrency } = settings;
  const started: Partial<Record<LambdaName, number>> = {
    "webhook-dedup": maximumConcurrency.webhookDedup,
    "fraud-detector": maximumConcurrency.fraudDetector,
  };
  return (Object.entries(reserved) as [LambdaName, number][]).map(([name, most]) => ({
    path: `reservedConcurrency.${name}`,
    value: most,
    broken: (started[name] ?? 0) > most,
    message: `its queue starts up to ${started[name]} at a time (maximumConcurrency); what is throttled goes back and ends as a dead letter`,
  }));
}
