/** Where an archive is read from: a plain download, or the bucket through a folder that keeps what was fetched. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import type { ArchiveObject } from "../../config/archive.ts";

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

/** SHA-256 of a file, lower-case hex, without holding it in memory. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

/** Maps with at most so many under way at a time; in order. Nothing begins after the first error. */
export async function mapAtOnce<T, R>(
  items: readonly T[],
  atOnce: number,
  map: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const queue = items.entries();
  let hasFailed = false;
  const work = async () => {
    for (const [at, item] of queue) {
      if (hasFailed) return;
      try {
        results[at] = await map(item);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: atOnce }, work));
  for (const one of ended) if (one.status === "rejected") throw one.reason;
  return results;
}

/** Whether a key lies below the archive's own prefixes and nowhere else, so that it can be a path on this machine. */
export function isSafeKey(key: string): boolean {
  return (
    /^(transactions|raw|manifests)(\/[A-Za-z0-9=_.-]+)+$/.test(key) &&
    !key.split("/").some((part) => /^\.+$/.test(part))
  );
}
