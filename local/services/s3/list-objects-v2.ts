import { AwsError } from "../../aws/types.ts";
import { escapeXml, xml } from "../../aws/xml.ts";
import { requireBucket, type S3Operation } from "./shared.ts";
import type { ObjectRecord } from "./store.ts";

const mostKeys = 1_000;

/** What a page shows: an object, or all keys up to a delimiter as one. */
type Entry = { readonly at: string } & ({ readonly object: ObjectRecord } | { readonly commonPrefix: string });

/** Keys below a prefix, a page at a time. */
export const listObjectsV2: S3Operation = (call) => {
  requireBucket(call);
  const { store, bucket, query } = call;
  const prefix = query.get("prefix") ?? "";
  const delimiter = query.get("delimiter") ?? "";
  const pageSize = Math.min(Number(query.get("max-keys") ?? mostKeys), mostKeys);
  const token = query.get("continuation-token");
  const after = token === null ? (query.get("start-after") ?? "") : keyOf(token);
  const isAfter = ({ at }: Entry) => after === "" || Buffer.compare(Buffer.from(at), Buffer.from(after)) > 0;
  const entries = entriesOf(store.list(bucket, prefix), prefix, delimiter).filter(isAfter);
  const page = entries.slice(0, pageSize);
  const last = page.at(-1);
  const isTruncated = entries.length > page.length && last !== undefined;
  const encode = query.get("encoding-type") === "url" ? encodeURIComponent : escapeXml;
  const parts = [
    `<Name>${bucket}</Name><Prefix>${encode(prefix)}</Prefix><KeyCount>${page.length}</KeyCount>`,
    `<MaxKeys>${pageSize}</MaxKeys><IsTruncated>${isTruncated}</IsTruncated>`,
    ...(delimiter === "" ? [] : [`<Delimiter>${encode(delimiter)}</Delimiter>`]),
    ...(query.get("encoding-type") === "url" ? ["<EncodingType>url</EncodingType>"] : []),
    ...(isTruncated ? [`<NextContinuationToken>${tokenOf(last.at)}</NextContinuationToken>`] : []),
    ...page.map((entry) => textOf(entry, encode)),
  ];
  return xml(
    200,
    `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${parts.join("")}</ListBucketResult>`,
  );
};

function entriesOf(objects: readonly ObjectRecord[], prefix: string, delimiter: string): readonly Entry[] {
  const seen = new Set<string>();
  return objects.flatMap((object): Entry[] => {
    const cut = delimiter === "" ? -1 : object.key.indexOf(delimiter, prefix.length);
    if (cut < 0) return [{ at: object.key, object }];
    const commonPrefix = object.key.slice(0, cut + delimiter.length);
    if (seen.has(commonPrefix)) return [];
    seen.add(commonPrefix);
    return [{ at: commonPrefix, commonPrefix }];
  });
}

function textOf(entry: Entry, encode: (text: string) => string): string {
  if ("commonPrefix" in entry) return `<CommonPrefixes><Prefix>${encode(entry.commonPrefix)}</Prefix></CommonPrefixes>`;
  const { key, etag, sizeBytes, modifiedAt } = entry.object;
  return (
    `<Contents><Key>${encode(key)}</Key><LastModified>${new Date(modifiedAt).toISOString()}</LastModified>` +
    `<ETag>${escapeXml(etag)}</ETag><Size>${sizeBytes}</Size><StorageClass>STANDARD</StorageClass></Contents>`
  );
}

function tokenOf(key: string): string {
  return Buffer.from(key).toString("base64url");
}

function keyOf(token: string): string {
  const key = Buffer.from(token, "base64url").toString();
  if (key !== "" && tokenOf(key) === token) return key;
  throw new AwsError("InvalidArgument", "The continuation token provided is incorrect");
}
