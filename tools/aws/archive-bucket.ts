/** The name of an environment's archive bucket. */
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { placeholderAccountId } from "../../config/environments.ts";
import { clientOptionsOf } from "./clients.ts";
import type { Target } from "./target.ts";

/** As told, else by environment, account and region; undefined where neither settings nor credentials name the account. */
export async function archiveBucketName(target: Target, told: string | undefined): Promise<string | undefined> {
  if (told !== undefined) return told;
  const account = await accountOf(target);
  return account && target.names.bucket("transaction-audit-logs", account, target.region);
}

async function accountOf(target: Target): Promise<string | undefined> {
  const { settings, isLocal } = target;
  if (isLocal || settings.accountId !== placeholderAccountId) return settings.accountId;
  const sts = new STSClient(clientOptionsOf(target));
  return (await sts.send(new GetCallerIdentityCommand({}))).Account;
}
