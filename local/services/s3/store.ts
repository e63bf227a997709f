/**
 * Buckets and objects. A write is done when its record is in place, so that a crash at any point leaves the object that
 * was there or the new one. Everything happens in one turn of the event loop: of two writes with the same condition one
 * finds it met.
 */
import { createHash, randomUUID } from "node:crypto";
import { join } from "node:path";
import { type Bodies, fileBodies, fileRecords, memoryBodies, memoryRecords, type Records, sweep } from "./bodies.ts";

export interface ObjectRecord {
  readonly bucket: string;
  readonly key: string;
  /** Of its body. */
  readonly id: string;
  readonly sizeBytes: number;
  /** With its quotes. */
  readonly etag: string;
  /** Epoch milliseconds. */
  readonly modifiedAt: number;
  /** Headers that are given back as they came: content type, metadata, the checksum. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface ObjectStore {
  createBucket(name: string): void;
  hasBucket(name: string): boolean;
  readonly buckets: readonly string[];
  find(bucket: string, key: string): ObjectRecord | undefined;
  read(object: ObjectRecord, start: number, length: number): Buffer;
  put(bucket: string, key: string, body: Buffer, headers: Readonly<Record<string, string>>): ObjectRecord;
  remove(bucket: string, key: string): void;
  /** All of a bucket below a prefix, in the order of their keys' UTF-8 bytes. */
  list(bucket: string, prefix: string): readonly ObjectRecord[];
}

export interface StoreOptions {
  /** Where objects are kept; in memory when absent. */
  readonly directory?: string;
  readonly now: () => number;
}

export function openObjectStore({ directory, now }: StoreOptions): ObjectStore {
  const buckets = new Map<string, Map<string, ObjectRecord>>();
  const { bodies, records } = directory === undefined ? inMemory() : inFiles(directory);
  const objectsOf = (bucket: string) => {
    const found = buckets.get(bucket);
    if (found !== undefined) return found;
    const created = new Map<string, ObjectRecord>();
    buckets.set(bucket, created);
    return created;
  };
  for (const record of records.kept) objectsOf(record.bucket).set(record.key, record);
  return {
    createBucket: (name) => void objectsOf(name),
    hasBucket: (name) => buckets.has(name),
    get buckets() {
      return [...buckets.keys()].sort();
    },
    find: (bucket, key) => buckets.get(bucket)?.get(key),
    read: ({ id }, start, length) => bodies.read(id, start, length),
    put(bucket, key, body, headers) {
      const before = buckets.get(bucket)?.get(key);
      const etag = `"${createHash("md5").update(body).digest("hex")}"`;
      const record = { bucket, key, id: randomUUID(), sizeBytes: body.length, etag, modifiedAt: now(), headers };
      bodies.write(record.id, body);
      records.save(recordId(bucket, key), record);
      objectsOf(bucket).set(key, record);
      if (before !== undefined) bodies.remove(before.id);
      return record;
    },
    remove(bucket, key) {
      const record = buckets.get(bucket)?.get(key);
      if (record === undefined) return;
      records.remove(recordId(bucket, key));
      buckets.get(bucket)?.delete(key);
      bodies.remove(record.id);
    },
    list(bucket, prefix) {
      const below = [...(buckets.get(bucket)?.values() ?? [])].filter(({ key }) => key.startsWith(prefix));
      return below.sort((one, other) => Buffer.compare(Buffer.from(one.key), Buffer.from(other.key)));
    },
  };
}

interface Kept {
  readonly bodies: Bodies;
  readonly records: Records<ObjectRecord>;
}

function inMemory(): Kept {
  return { bodies: memoryBodies(), records: memoryRecords() };
}

function inFiles(directory: string): Kept {
  const bodies = fileBodies(join(directory, "bodies"));
  const records = fileRecords<ObjectRecord>(join(directory, "records"));
  const named = new Set(records.kept.map(({ id }) => id));
  sweep(join(directory, "bodies"), (id) => named.has(id));
  return { bodies, records };
}

/** Keys are longer than file names may be, and hold any character. */
function recordId(bucket: string, key: string): string {
  return createHash("sha256").update(`${bucket}/${key}`).digest("hex");
}
