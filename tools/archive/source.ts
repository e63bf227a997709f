/** Where an archive is read from: a plain download, or the bucket through a folder that keeps what was fetched. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import type { ArchiveObject } from "../../config/archive.ts";
import type { ArchiveSource as StoredArchive } from "../audit/source/source.ts";

export interface ArchiveSource {
  /** The place in words, for messages: "the folder /data/archive". */
  readonly place: string;
  /** The folder that paths of files begin with; what follows it is the key. Absolute. */
  readonly root: string;
  /** Whether objects have to be fetched from elsewhere, which may take a while. */
  readonly isRemote: boolean;
  /** Keys of the manifests (not of their signatures), in no particular order. */
  manifestKeys(): Promise<readonly string[]>;
  /** @throws ArchiveError "missing" or "in-glacier" */
  manifest(key: string): Promise<Uint8Array>;
  /**
   * Paths of the objects on this machine, in their order. `tell` is called as each one is ready.
   *
   * @throws ArchiveError "missing", "damaged" or "in-glacier", with the object's key
   */
  files(objects: readonly ArchiveObject[], tell: (object: ArchiveObject) => void): Promise<readonly string[]>;
}

/** Keys of an archive's manifests, without their signatures. */
export async function manifestKeysOf(stored: Pick<StoredArchive, "list">): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { key } of stored.list("manifests/")) if (key.endsWith(".json")) keys.push(key);
  return keys;
}

/** SHA-256 of a file, lower-case hex, without holding it in memory. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

/** Whether a key lies below the archive's own prefixes and nowhere else, so that it can be a path on this machine. */
export function isSafeKey(key: string): boolean {
  return (
    /^(transactions|raw|manifests)(\/[A-Za-z0-9=_.-]+)+$/.test(key) &&
    !key.split("/").some((part) => /^\.+$/.test(part))
  );
}
