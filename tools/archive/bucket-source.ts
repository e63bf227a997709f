import { createWriteStream } from "node:fs";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { GetObjectCommand, paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import type { ArchiveObject } from "../../config/archive.ts";
import { ArchiveError } from "./archive-error.ts";
import { type ArchiveSource, mapAtOnce, sha256OfFile } from "./source.ts";

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
  return {
    place: `the bucket ${bucket}`,
    root,
    isRemote: true,
    async manifestKeys() {
      const keys: string[] = [];
      for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: "manifests/" })) {
        keys.push(...(page.Contents ?? []).flatMap(({ Key }) => (Key?.endsWith(".json") ? [Key] : [])));
      }
      return keys;
    },
    async manifest(key) {
      const { Body } = await get(s3, { bucket, key });
      if (Body === undefined) throw new ArchiveError("missing", `${key} came without its content from ${bucket}.`);
      return Body.transformToByteArray();
    },
    files: (objects, tell) =>
      mapAtOnce(objects, downloadsAtOnce, async (object) => {
        const path = join(root, object.key);
        if (!(await isAsSealed(path, object))) await download(s3, { bucket, object, path });
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
async function download(s3: S3Client, { bucket, object, path }: Download): Promise<void> {
  const part = `${path}.${process.pid}.part`;
  await mkdir(dirname(path), { recursive: true });
  try {
    const { Body } = await get(s3, { bucket, key: object.key });
    await pipeline(Body as Readable, createWriteStream(part));
    if (!(await isAsSealed(part, object))) {
      const advice = 'Find out when it changed, with the bucket\'s versions and "npm run cli -- audit".';
      throw new ArchiveError("damaged", `${object.key} in ${bucket} isn't what was sealed. ${advice}`);
    }
    await rename(part, path);
  } finally {
    await rm(part, { force: true });
  }
}

async function get(s3: S3Client, { bucket, key }: { readonly bucket: string; readonly key: string }) {
  try {
    return await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
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
