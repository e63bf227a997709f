import { mkdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { S3Client } from "@aws-sdk/client-s3";
import type { ArchiveObject } from "../../config/archive.ts";
import { inParallel } from "../../lambdas/shared/domain/in-parallel.ts";
import { bucketSource } from "../audit/source/bucket.ts";
import type { ArchiveSource as StoredArchive } from "../audit/source/source.ts";
import { ArchiveError } from "./archive-error.ts";
import { type ArchiveSource, manifestKeysOf, sha256OfFile } from "./source.ts";

/** Downloads under way at a time: enough for a fast line, few enough for a small machine. */
const downloadsAtOnce = 4;

/**
 * An archive in its bucket. Objects are downloaded once, below `cache` under their keys, and have the SHA-256 that was
 * sealed each time that they are used: what isn't so is fetched again, and refused if it still isn't.
 */
export function createBucketSource(
  s3: S3Client,
  { bucket, cache }: { readonly bucket: string; readonly cache: string },
): ArchiveSource {
  const root = resolve(cache);
  const stored = bucketSource(s3, bucket, "the archive");
  return {
    place: `the bucket ${bucket}`,
    root,
    isRemote: true,
    manifestKeys: () => manifestKeysOf(stored),
    manifest: (key) => inWords(stored.read(key), { bucket, key }),
    files: (objects, tell) =>
      inParallel(objects, downloadsAtOnce, async (object) => {
        const path = join(root, object.key);
        if (!(await isAsSealed(path, object))) await download(stored, { bucket, object, path });
        tell(object);
        return path;
      }),
  };
}

async function isAsSealed(path: string, { sha256, sizeBytes }: ArchiveObject): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.size === sizeBytes && (await sha256OfFile(path)) === sha256;
}

interface Download {
  readonly bucket: string;
  readonly object: ArchiveObject;
  readonly path: string;
}

/** Under another name until it is proven, so that a download that was cut off is never taken for the object. */
async function download(stored: Pick<StoredArchive, "fetch">, { bucket, object, path }: Download): Promise<void> {
  const part = `${path}.${process.pid}.part`;
  const { key, sha256 } = object;
  await mkdir(dirname(path), { recursive: true });
  try {
    const fetched = await inWords(stored.fetch(key, part), { bucket, key });
    if (fetched.sha256 !== sha256) {
      const advice = 'Find out when it changed, with the bucket\'s versions and "npm run cli -- audit".';
      throw new ArchiveError("damaged", `${key} in ${bucket} isn't what was sealed. ${advice}`);
    }
    await rename(part, path);
  } finally {
    await rm(part, { force: true });
  }
}

async function inWords<T>(
  asked: Promise<T>,
  { bucket, key }: { readonly bucket: string; readonly key: string },
): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    const name = error instanceof Error ? error.name : "";
    if (name === "NoSuchKey") {
      throw new ArchiveError("missing", `${key} is sealed and not in ${bucket}. Look at the bucket's versions.`);
    }
    if (name === "InvalidObjectState") {
      const day = /dt=(\d{4}-\d\d-\d\d)/.exec(key)?.[1] ?? "YYYY-MM-DD";
      throw new ArchiveError("in-glacier", `${key} is in Glacier: "archive restore --day ${day}" brings its day back.`);
    }
    throw error;
  }
}
