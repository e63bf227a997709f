import { existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { ArchiveObject } from "../../config/archive.ts";
import { ArchiveError } from "./archive-error.ts";
import type { ArchiveSource } from "./source.ts";

/**
 * An archive as it was downloaded, keys as paths: `aws s3 sync s3://<bucket> <folder>`. Needs no network. Sizes are
 * compared with the manifests; `audit --dir` proves the rest.
 *
 * @throws ArchiveError "missing" when there is no such folder, or no manifests in it
 */
export function createDirectorySource(directory: string): ArchiveSource {
  const manifests = join(directory, "manifests");
  if (!existsSync(manifests)) {
    throw new ArchiveError(
      "missing",
      existsSync(directory)
        ? `${directory} has no folder manifests: is it a download of the whole bucket (aws s3 sync s3://<bucket> <folder>)?`
        : `There is no folder ${directory}.`,
    );
  }
  const root = resolve(directory);
  const place = `the folder ${directory}`;
  return {
    place,
    root,
    isRemote: false,
    async manifestKeys() {
      const names = await readdir(manifests);
      return names.filter((name) => name.endsWith(".json")).map((name) => `manifests/${name}`);
    },
    manifest: (key) => readFile(join(root, key)),
    async files(objects, tell) {
      const paths = [];
      for (const object of objects) {
        const path = join(root, object.key);
        await checkSize(path, object, place);
        tell(object);
        paths.push(path);
      }
      return paths;
    },
  };
}

async function checkSize(path: string, { key, sizeBytes }: ArchiveObject, place: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) {
    throw new ArchiveError("missing", `${key} is sealed and not in ${place}. Download it, or leave its day out.`);
  }
  if (found.size !== sizeBytes) {
    const sizes = `it has ${found.size} bytes, and ${sizeBytes} were sealed`;
    throw new ArchiveError("damaged", `${key} isn't what was sealed: ${sizes}. Download it anew, and audit it.`);
  }
}
