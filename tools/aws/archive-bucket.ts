/** The names of an environment's buckets. */
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { placeholderAccountId } from "../../config/environments.ts";
import { clientOptionsOf } from "./clients.ts";
import type { Target } from "./target.ts";

/** The archive's: as told, else by environment, account and region; undefined where neither settings nor credentials name the account. */
export async function archiveBucketName(target: Target, told: string | undefined): Promise<string | undefined> {
  return told ?? environmentBucketName(target, "transaction-audit-logs");
}

/** Undefined where neither settings nor credentials name the account. */
export async function environmentBucketName(
  target: Target,
  base: "transaction-audit-logs" | "webhook-payloads",
): Promise<string | undefined> {
  const account = await accountOf(target);
  return account && target.names.bucket(base, account, target.region);
}

async function accountOf(target: Target): Promise<string | undefined> {
  const { settings, isLocal } = target;
  if (isLocal || settings.accountId !== placeholderAccountId) return settings.accountId;
  const sts = new STSClient(clientOptionsOf(target));
  return (await sts.send(new GetCallerIdentityCommand({}))).Account;
}
