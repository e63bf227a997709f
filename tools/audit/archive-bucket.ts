/** The archive's bucket of an environment. */
import { S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { placeholderAccountId } from "../../config/environments.ts";
import { clientOptionsOf } from "../aws/clients.ts";
import { placeOf, type Target } from "../aws/target.ts";
import { bucketSource } from "./source/bucket.ts";
import type { ArchiveSource } from "./source/source.ts";

/** @param bucket its name; without, it is that of the environment, its account and region */
export async function archiveBucket(target: Target, bucket: string | undefined): Promise<ArchiveSource> {
  const options = clientOptionsOf(target);
  // A large object takes longer to begin with than a record of a table.
  const requestHandler = { ...options.requestHandler, requestTimeout: 30_000 };
  const s3 = new S3Client({ ...options, requestHandler, forcePathStyle: target.endpoint !== undefined });
  return bucketSource(s3, bucket ?? (await bucketOf(target)), placeOf(target));
}

async function bucketOf(target: Target): Promise<string> {
  return target.names.bucket("transaction-audit-logs", await accountOf(target), target.region);
}

async function accountOf(target: Target): Promise<string> {
  const { settings, isLocal } = target;
  if (isLocal || settings.accountId !== placeholderAccountId) return settings.accountId;
  const sts = new STSClient(clientOptionsOf(target));
  const { Account: account } = await sts.send(new GetCallerIdentityCommand({}));
  if (account === undefined) throw new Error("The credentials name no account: say --bucket.");
  return account;
}
