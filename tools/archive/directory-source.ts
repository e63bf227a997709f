import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { ArchiveObject } from "../../config/archive.ts";
import { directorySource } from "../audit/source/directory.ts";
import { ArchiveError } from "./archive-error.ts";
import { type ArchiveSource, manifestKeysOf } from "./source.ts";

/**
 * An archive as it was downloaded, keys as paths: `aws s3 sync s3://<bucket> <folder>`. Needs no network. Sizes are
 * compared with the manifests; `audit --dir` proves the rest.
 *
 * @throws ArchiveError "missing" when there is no such folder, or no manifests in it
 */
export function createDirectorySource(directory: string): ArchiveSource {
  if (!existsSync(join(directory, "manifests"))) {
    throw new ArchiveError(
      "missing",
      existsSync(directory)
        ? `${directory} has no folder manifests: is it a download of the whole bucket (aws s3 sync s3://<bucket> <folder>)?`
        : `There is no folder ${directory}.`,
    );
  }
  const root = resolve(directory);
  const stored = directorySource(directory);
  return {
    place: stored.place,
    root,
    isRemote: false,
    manifestKeys: () => manifestKeysOf(stored),
    manifest: stored.read,
    async files(objects, tell) {
      const paths = [];
      for (const object of objects) {
        const path = join(root, object.key);
        await checkFile(path, object, stored.place);
        tell(object);
        paths.push(path);
      }
      return paths;
    },
  };
}

async function checkFile(path: string, { key, sizeBytes }: ArchiveObject, place: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) {
    throw new ArchiveError("missing", `${key} is sealed and not in ${place}. Download it, or leave its day out.`);
  }
  if (found.size !== sizeBytes || !found.isFile()) {
    const sizes = `it has ${found.size} bytes, and ${sizeBytes} were sealed`;
    throw new ArchiveError("damaged", `${key} isn't what was sealed: ${sizes}. Download it anew, and audit it.`);
  }
}
