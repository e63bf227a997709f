/** Rules between environments: what two of them can share, and what they can't. */
import type { CrossRule } from "./environment-rule.ts";
import { type EnvironmentSettings, placeholderAccountId } from "./environment-settings.ts";

/** An account and region has one account stack, which one of its environments has. */
export function accountStack(
  settings: Pick<EnvironmentSettings, "accountId" | "region" | "usesAccountStackOf">,
  others: readonly EnvironmentSettings[],
): CrossRule[] {
  const { accountId, region, usesAccountStackOf } = settings;
  const isBeside = (other: EnvironmentSettings) => other.accountId === accountId && other.region === region;
  const host = others.find(({ name }) => name === usesAccountStackOf);
  const second = others.find(
    (other) => accountId !== placeholderAccountId && isBeside(other) && other.usesAccountStackOf === undefined,
  );
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
  ];
}

/** Each environment has its own images. */
export function images(
  { imageDigestsFile }: Pick<EnvironmentSettings, "imageDigestsFile">,
  others: readonly EnvironmentSettings[],
): CrossRule[] {
  const sameFile = others.find((other) => other.imageDigestsFile === imageDigestsFile);
  return [
    {
      path: "imageDigestsFile",
      value: imageDigestsFile,
      broken: sameFile !== undefined,
      message: `${sameFile?.name} has the same, and each environment has its own images`,
    },
  ];
}
