/** Three ways to tamper with a sealed archive, each of which an audit has to find and to name. */
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { FindingCode } from "../audit/findings.ts";
import type { KeptManifest } from "./read-archive.ts";

export interface Tampering {
  /** In words. */
  readonly name: string;
  /** Key of the object that is tampered with. */
  readonly object: string;
  /** What an audit has to say of it. */
  readonly code: FindingCode;
  /** @returns what puts the object back as it was */
  tamper(): Promise<() => Promise<void>>;
}

/** As somebody who may write to the bucket could; versions that are locked stay beneath. */
export function tamperings(s3: S3Client, bucket: string, manifests: readonly KeptManifest[]): readonly Tampering[] {
  const objects = manifests.flatMap(({ manifest }) => manifest.objects);
  const put = async (Key: string, Body: Uint8Array) => {
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
  };

  /** @param change gives the new bytes, or none for an object that is deleted */
  function tampering(
    name: string,
    code: FindingCode,
    object: string | undefined,
    change: (bytes: Buffer) => Buffer | undefined,
  ): readonly Tampering[] {
    if (object === undefined) return [];
    const tamper = async () => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: object }));
      const original = Buffer.from((await Body?.transformToByteArray()) ?? []);
      const changed = change(original);
      if (changed === undefined) await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: object }));
      else await put(object, changed);
      return () => put(object, original);
    };
    return [{ name, object, code, tamper }];
  }

  const firstOf = (wanted: string) => objects.find(({ kind }) => kind === wanted)?.key;
  const summed = manifests.find(({ manifest }) => manifest.sums.length > 0)?.key;
  return [
    ...tampering("flipped byte", "object-hash", firstOf("transactions"), withFlippedByte),
    ...tampering("deleted object", "object-missing", firstOf("raw"), () => undefined),
    ...tampering("edited manifest", "signature-invalid", summed, withAnotherSum),
  ];
}

function withFlippedByte(bytes: Buffer): Buffer {
  const flipped = Buffer.from(bytes);
  const middle = Math.floor(bytes.length / 2);
  flipped.writeUInt8(flipped.readUInt8(middle) ^ 0xff, middle);
  return flipped;
}

/** One minor unit more, and still a manifest in every other way. */
function withAnotherSum(bytes: Buffer): Buffer {
  const edited = bytes
    .toString()
    .replace(/("amountMinor":\s*")(\d+)/, (_, name: string, amount: string) => `${name}${BigInt(amount) + 1n}`);
  return Buffer.from(edited);
}
