/** The archive's bucket as the console reads it: by the SDK, since S3 speaks no JSON that could be called in process. */
import { GetObjectCommand, paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import { localRegion } from "../aws/types.ts";
import type { Runtime } from "../runtime.ts";

export interface ArchiveBucket {
  readonly name: string;
  /** Keys below a prefix, in order. */
  keys(prefix: string): Promise<readonly string[]>;
  text(key: string): Promise<string>;
}

/** Undefined where Terraform has none. */
export function archiveBucketOf({
  inventory,
  awsUrl,
}: Pick<Runtime, "inventory" | "awsUrl">): ArchiveBucket | undefined {
  const name = inventory
    .ofType("aws_s3_bucket")
    .map(({ config }) => String(config.bucket))
    .find((bucket) => bucket.startsWith("transaction-audit-logs-"));
  if (name === undefined) return undefined;
  const client = new S3Client({
    endpoint: awsUrl,
    region: localRegion,
    forcePathStyle: true,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  return {
    name,
    async keys(prefix) {
      const keys: string[] = [];
      for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: name, Prefix: prefix })) {
        for (const { Key } of Contents) if (Key !== undefined) keys.push(Key);
      }
      return keys;
    },
    async text(key) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: name, Key: key }));
      return (await Body?.transformToString()) ?? "";
    },
  };
}

/** Manifests by the day that they seal; addenda come under a day's own. */
export async function manifestKeys(bucket: ArchiveBucket): Promise<ReadonlyMap<string, readonly string[]>> {
  const byDay = new Map<string, string[]>();
  for (const key of await bucket.keys("manifests/")) {
    const day = /^manifests\/dt=(\d{4}-\d\d-\d\d)(?:\.addendum-\d+)?\.json$/.exec(key)?.[1];
    if (day === undefined) continue;
    const keys = byDay.get(day) ?? [];
    byDay.set(day, keys);
    keys.push(key);
  }
  // "dt=2026-11-20.addendum-1.json" sorts before "dt=2026-11-20.json".
  for (const keys of byDay.values()) keys.sort((one, other) => one.length - other.length || (one < other ? -1 : 1));
  return byDay;
}
