/** What the archive's commands have in common: where the archive is, its days, and errors in words. */
import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import type { Command } from "commander";
import { ArchiveError } from "../../archive/archive-error.ts";
import { createBucketSource } from "../../archive/bucket-source.ts";
import { createDirectorySource } from "../../archive/directory-source.ts";
import type { ArchiveSource } from "../../archive/source.ts";
import { archiveBucketName, environmentBucketName } from "../../aws/archive-bucket.ts";
import { clientOptionsOf } from "../../aws/clients.ts";
import type { Target } from "../../aws/target.ts";
import { type CommonOptions, type Connection, onTarget, type Surroundings } from "../context.ts";
import { type CommandResult, failedAs, usage } from "../result.ts";

/** Options of a command that reads the archive. */
export interface ArchiveOptions extends CommonOptions {
  readonly dir?: string;
  readonly bucket?: string;
  readonly cache?: string;
}

/** An archive that can be read. The connection is absent for a folder. */
export interface OpenedArchive {
  readonly source: ArchiveSource;
  readonly connection?: Connection;
}

export function withArchiveOptions(command: Command): Command {
  return command
    .option("--dir <folder>", "a download of the bucket to read instead; needs no network")
    .option("--bucket <name>", "the archive's bucket (default: by environment, account and region)")
    .option("--cache <folder>", "where downloaded objects stay (default: .local/archive/<bucket>)");
}

/** Opens the archive that the options say, and gives what `act` makes of it. An ArchiveError ends the command. */
export async function onArchive(
  surroundings: Surroundings,
  options: ArchiveOptions,
  act: (archive: OpenedArchive) => Promise<CommandResult>,
): Promise<CommandResult> {
  const { dir } = options;
  if (dir !== undefined && hasPlace(options)) {
    return usage("Give --dir, or where the bucket is (--local, --env or --endpoint), not both.");
  }
  if (dir !== undefined) return inWords(async () => act({ source: createDirectorySource(dir) }));
  return onTarget(surroundings, options, (connection) =>
    inWords(async () => act({ source: await bucketSource(connection.target, options), connection })),
  );
}

/** Whether the options name an environment or an endpoint. */
export function hasPlace({ local, env, endpoint, bucket }: ArchiveOptions): boolean {
  return local === true || [env, endpoint, bucket].some((option) => option !== undefined);
}

export async function inWords(act: () => Promise<CommandResult>): Promise<CommandResult> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof ArchiveError) return failedAs(error);
    throw error;
  }
}

export function s3Of(target: Target): S3Client {
  return new S3Client({ ...clientOptionsOf(target), forcePathStyle: target.endpoint !== undefined });
}

async function bucketSource(target: Target, options: ArchiveOptions): Promise<ArchiveSource> {
  const bucket = await bucketOf(target, options.bucket);
  return createBucketSource(s3Of(target), { bucket, cache: options.cache ?? join(".local/archive", bucket) });
}

/** The archive's bucket. @throws ArchiveError when nothing says whose it is. */
export async function bucketOf(target: Target, told: string | undefined): Promise<string> {
  const name = await archiveBucketName(target, told);
  if (name === undefined) throw new ArchiveError("missing", "The credentials name no account: say --bucket.");
  return name;
}

/** The bucket for bodies that are too large for a message. @throws ArchiveError when nothing says whose it is. */
export async function payloadBucketOf(target: Target): Promise<string> {
  const name = await environmentBucketName(target, "webhook-payloads");
  if (name === undefined) throw new ArchiveError("missing", "The credentials name no account.");
  return name;
}
