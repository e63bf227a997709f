/** An archive as `aws s3 sync` leaves it in a folder. Needs no network. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { copyFile, readdir, readFile, stat, symlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { ArchiveSource, StoredObject } from "./source.ts";

/** What file managers leave behind in folders that somebody looks at. */
const leftByFileManagers: readonly string[] = [".DS_Store", "Thumbs.db", "desktop.ini"];

export function directorySource(folder: string): ArchiveSource {
  const root = resolve(folder);

  async function* list(prefix: string): AsyncIterable<StoredObject> {
    const entries = await readdir(join(root, prefix), { withFileTypes: true }).catch(unlessMissing);
    for (const entry of entries ?? []) {
      const key = `${prefix}${entry.name}`;
      if (entry.isDirectory()) {
        yield* list(`${key}/`);
      } else if (!leftByFileManagers.includes(entry.name)) {
        // A link that leads nowhere is as good as no object.
        const found = await stat(join(root, key)).catch(unlessMissing);
        if (found === undefined) continue;
        yield { key, sizeBytes: found.size, modifiedAtMs: found.mtimeMs, temperature: "warm" };
      }
    }
  }

  /** @throws for what is no plain file, such as a pipe, whose end might never come */
  async function pathOf(key: string): Promise<string> {
    const path = join(root, key);
    if (!(await stat(path)).isFile()) throw new Error("it is no plain file");
    return path;
  }

  return {
    place: `the folder ${folder}`,
    list,
    read: async (key) => readFile(await pathOf(key)),
    async fetch(key, file) {
      const path = await pathOf(key);
      const hash = createHash("sha256");
      let sizeBytes = 0;
      for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
        hash.update(chunk);
        sizeBytes += chunk.length;
      }
      // A link, so that no character of the folder's name means anything to whoever reads the file.
      await symlink(path, file).catch(() => copyFile(path, file));
      return { sha256: hash.digest("hex"), sizeBytes };
    },
    storedChecksum: () => Promise.resolve({ isRestored: false }),
  };
}

function unlessMissing(error: unknown): undefined {
  if ((error as { readonly code?: unknown }).code !== "ENOENT") throw error;
}
