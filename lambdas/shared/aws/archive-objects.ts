import { open } from "node:fs/promises";
import { Readable } from "node:stream";
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { ArchiveObjects, StoredObject } from "../domain/archive/ports.ts";
import { sha256Hex } from "../domain/raw-webhook.ts";
import { PermanentError, RetryableError } from "../domain/retryable-error.ts";
import { inDomainTerms } from "./errors.ts";

/** Attempts at sending a file: the SDK can't repeat a stream that it has read. */
const uploadAttempts = 3;
const contentTypes: ReadonlyMap<string, string> = new Map([
  [".json", "application/json"],
  [".html", "text/html; charset=utf-8"],
]);

/**
 * The bucket `transaction-audit-logs`. Every object is created with `If-None-Match: *` and with the SHA-256 of the whole
 * object, which S3 checks, keeps and tells later, even when the object itself is in Glacier.
 *
 * The role needs `s3:ListBucket`: without it S3 calls a missing object forbidden.
 */
export function createArchiveObjects(client: S3Client, bucket: string): ArchiveObjects {
  /** Creates an object from a body that is made anew for each attempt. */
  async function put(
    key: string,
    sha256: string,
    body: () => Promise<Pick<PutObjectCommandInput, "Body" | "ContentLength">>,
    attempt = 1,
  ): Promise<"created" | "exists"> {
    const content = await body();
    const command = new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      ...content,
      IfNoneMatch: "*",
      ChecksumSHA256: Buffer.from(sha256, "hex").toString("base64"),
      ContentType: contentTypes.get(key.slice(key.lastIndexOf("."))) ?? "application/octet-stream",
    });
    try {
      await inDomainTerms("Writing an object of the archive", client.send(command));
      return "created";
    } catch (error) {
      if (isNamed(error, "PreconditionFailed")) return "exists";
      if (!(error instanceof RetryableError) || attempt === uploadAttempts) throw inOurTerms(error);
    } finally {
      // S3 may refuse before it has read the file.
      if (content.Body instanceof Readable) content.Body.destroy();
    }
    return put(key, sha256, body, attempt + 1);
  }

  async function sha256Of(key: string): Promise<string> {
    const command = new HeadObjectCommand({ Bucket: bucket, Key: key, ChecksumMode: "ENABLED" });
    const { ChecksumSHA256: checksum } = await inDomainTerms("Asking for a checksum", client.send(command));
    if (checksum === undefined) throw new Error(`S3 keeps no SHA-256 of ${key}: it wasn't written by the archive`);
    return Buffer.from(checksum, "base64").toString("hex");
  }

  async function range(key: string, start: number, end: number): Promise<ArrayBuffer> {
    const command = new GetObjectCommand({ Bucket: bucket, Key: key, Range: `bytes=${start}-${end - 1}` });
    try {
      const { Body } = await inDomainTerms("Reading an object of the archive", client.send(command));
      const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
      return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    } catch (error) {
      throw inOurTerms(error, key);
    }
  }

  return {
    sha256Of,
    async get(key) {
      try {
        const command = new GetObjectCommand({ Bucket: bucket, Key: key });
        const { Body } = await inDomainTerms("Reading an object of the archive", client.send(command));
        return await Body?.transformToByteArray();
      } catch (error) {
        if (isNamed(error, "NoSuchKey")) return undefined;
        throw inOurTerms(error, key);
      }
    },
    create: (key, bytes) => put(key, sha256Hex(bytes), async () => ({ Body: bytes, ContentLength: bytes.byteLength })),
    async createFromFile(key, { path, sizeBytes, sha256 }) {
      const outcome = await put(key, sha256, async () => {
        return { Body: (await open(path)).createReadStream(), ContentLength: sizeBytes };
      });
      if (outcome === "created") return "created";
      return (await sha256Of(key)) === sha256 ? "same" : "taken";
    },
    async list(prefix) {
      const found: StoredObject[] = [];
      let token: string | undefined;
      do {
        const command: ListObjectsV2Command = new ListObjectsV2Command({
          Bucket: bucket,
          Prefix: prefix,
          ...(token !== undefined && { ContinuationToken: token }),
        });
        const page = await inDomainTerms("Listing the archive", client.send(command));
        for (const { Key: key, Size: sizeBytes = 0, LastModified: modified } of page.Contents ?? []) {
          if (key !== undefined) found.push({ key, sizeBytes, modifiedMs: modified?.getTime() ?? 0 });
        }
        token = page.NextContinuationToken;
      } while (token !== undefined);
      return found;
    },
    async open(key) {
      const command = new HeadObjectCommand({ Bucket: bucket, Key: key });
      const { ContentLength } = await inDomainTerms("Reading an object of the archive", client.send(command));
      const byteLength = ContentLength ?? 0;
      return { byteLength, slice: (start, end = byteLength) => range(key, start, end) };
    },
  };
}

function inOurTerms(error: unknown, key = "an object"): unknown {
  if (!isNamed(error, "InvalidObjectState")) return error;
  const advice = `${key} is in Glacier: restore its day first (npm run cli -- archive restore --day)`;
  return new PermanentError("archive-object-in-glacier", advice, { cause: error });
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
