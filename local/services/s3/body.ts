/**
 * The body of a write as the SDK sends it: whole, or in chunks with checksums after the last one (`aws-chunked`).
 * Source: S3 API Reference, "Signature Calculations: Transferring Payload in Multiple Chunks" and "Checking object
 * integrity".
 */
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { AwsError } from "../../aws/types.ts";
import type { AwsRequest } from "../../aws/wire.ts";

export interface ReceivedBody {
  readonly bytes: Buffer;
  /** Headers of the checksums that came with it, all of them right. */
  readonly checksums: Readonly<Record<string, string>>;
}

const checksumHeader = /^x-amz-checksum-(?!algorithm$|mode$|type$)/;

const computed: Readonly<Record<string, (bytes: Buffer) => string>> = {
  "x-amz-checksum-crc32": (bytes) => {
    const value = Buffer.alloc(4);
    value.writeUInt32BE(crc32(bytes));
    return value.toString("base64");
  },
  "x-amz-checksum-sha1": (bytes) => createHash("sha1").update(bytes).digest("base64"),
  "x-amz-checksum-sha256": (bytes) => createHash("sha256").update(bytes).digest("base64"),
};

/** @throws AwsError BadDigest for a checksum that is wrong, NotImplemented (501) for one that isn't covered */
export function receiveBody({ headers, body }: AwsRequest): ReceivedBody {
  const sent = typeof body === "string" ? Buffer.from(body) : body;
  const isChunked = headers["x-amz-content-sha256"]?.startsWith("STREAMING-") === true;
  const { bytes, trailers } = isChunked ? unchunked(sent) : { bytes: sent, trailers: {} };
  const given = Object.entries({ ...headers, ...trailers }).filter(([name]) => checksumHeader.test(name));
  for (const [name, value] of given) check(name, value, bytes);
  const md5 = headers["content-md5"];
  if (md5 !== undefined && md5 !== createHash("md5").update(bytes).digest("base64")) {
    throw new AwsError("BadDigest", "The Content-MD5 you specified did not match what we received.");
  }
  return { bytes, checksums: Object.fromEntries(given) };
}

function check(name: string, value: string, bytes: Buffer): void {
  const compute = computed[name];
  const algorithm = name.slice("x-amz-checksum-".length).toUpperCase();
  if (compute === undefined) {
    const advice = "Take CRC32, SHA1 or SHA256 (AWS CLI: --checksum-algorithm).";
    throw new AwsError("NotImplemented", `The checksum ${algorithm} is not covered locally. ${advice}`, {
      status: 501,
    });
  }
  if (compute(bytes) === value) return;
  throw new AwsError("BadDigest", `The ${algorithm} you specified did not match the calculated checksum.`);
}

/** `<size in hex>[;chunk-signature=…]`, the bytes, and so on until a size of 0; then trailing headers. */
function unchunked(sent: Buffer): { readonly bytes: Buffer; readonly trailers: Readonly<Record<string, string>> } {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = sent.indexOf("\r\n", at);
    const size = end < 0 ? Number.NaN : Number.parseInt(sent.subarray(at, end).toString("latin1"), 16);
    if (Number.isNaN(size)) throw new AwsError("IncompleteBody", "The chunks of the request body are not complete.");
    at = end + 2;
    if (size === 0) return { bytes: Buffer.concat(chunks), trailers: trailersIn(sent.subarray(at).toString("latin1")) };
    chunks.push(sent.subarray(at, at + size));
    at += size + 2;
  }
}

function trailersIn(text: string): Record<string, string> {
  const lines = text.split(/\r?\n/).filter((line) => line.includes(":"));
  return Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.indexOf(":")).trim().toLowerCase(),
      line.slice(line.indexOf(":") + 1).trim(),
    ]),
  );
}
