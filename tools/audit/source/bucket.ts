/** An archive in S3. */
import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { GetObjectCommand, HeadObjectCommand, paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import type { ArchiveSource, Temperature } from "./source.ts";

const temperatures: Readonly<Record<string, Temperature>> = {
  STANDARD_IA: "costly",
  ONEZONE_IA: "costly",
  GLACIER_IR: "costly",
  GLACIER: "frozen",
  DEEP_ARCHIVE: "frozen",
};

/** `place` says in words where it is. */
export function bucketSource(client: S3Client, bucket: string, place: string): ArchiveSource {
  async function body(key: string) {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    if (Body === undefined) throw new Error("S3 gave no body");
    return Body;
  }

  return {
    place: `${place}, bucket ${bucket}`,
    async *list(prefix) {
      for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
        for (const { Key, Size = 0, LastModified, StorageClass } of page.Contents ?? []) {
          if (Key === undefined) continue;
          const temperature = temperatures[StorageClass ?? ""] ?? "warm";
          yield { key: Key, sizeBytes: Size, modifiedAtMs: LastModified?.getTime() ?? 0, temperature };
        }
      }
    },
    read: async (key) => (await body(key)).transformToByteArray(),
    async fetch(key, file) {
      const hash = createHash("sha256");
      let sizeBytes = 0;
      const hashing = new Transform({
        transform(chunk: Buffer, _, done) {
          hash.update(chunk);
          sizeBytes += chunk.length;
          done(undefined, chunk);
        },
      });
      await pipeline((await body(key)) as NodeJS.ReadableStream, hashing, createWriteStream(file));
      return { sha256: hash.digest("hex"), sizeBytes };
    },
    async storedChecksum(key) {
      const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key, ChecksumMode: "ENABLED" }));
      const { ChecksumSHA256, ChecksumType, Restore } = head;
      // The checksum of an object uploaded in parts is one of the parts' checksums, and ends in "-" and their number.
      const isWhole = ChecksumSHA256 !== undefined && ChecksumType !== "COMPOSITE" && !ChecksumSHA256.includes("-");
      return {
        ...(isWhole ? { sha256: Buffer.from(ChecksumSHA256, "base64").toString("hex") } : {}),
        isRestored: Restore?.includes('ongoing-request="false"') ?? false,
      };
    },
  };
}
